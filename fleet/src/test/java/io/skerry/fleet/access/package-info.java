/** Tests of who may do what. */
@NullMarked
package io.skerry.fleet.access;

import org.jspecify.annotations.NullMarked;
