/** Tests of {@code io.skerry.base.metrics}. */
@NullMarked
package io.skerry.base.metrics;

import org.jspecify.annotations.NullMarked;
