/** Tests of {@code io.skerry.base.time}. */
@NullMarked
package io.skerry.base.time;

import org.jspecify.annotations.NullMarked;
