/** Tests of the benchmark's own arithmetic and reading of {@code /proc}. */
@NullMarked
package io.skerry.bench.store;

import org.jspecify.annotations.NullMarked;
