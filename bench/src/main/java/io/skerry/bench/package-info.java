/** Side-by-side benchmarks against the originals. */
@NullMarked
package io.skerry.bench;

import org.jspecify.annotations.NullMarked;
