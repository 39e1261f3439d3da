/** What a host says of itself. */
@NullMarked
package io.skerry.fleet.daemon;

import org.jspecify.annotations.NullMarked;
