/** Tests of what is made of the figures; the figures themselves come from virtual hosts. */
@NullMarked
package io.skerry.bench.slice;

import org.jspecify.annotations.NullMarked;
