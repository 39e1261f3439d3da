/** Tests of what hosts are told to be. */
@NullMarked
package io.skerry.fleet.conf;

import org.jspecify.annotations.NullMarked;
