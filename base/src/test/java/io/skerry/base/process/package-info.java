/** Tests of {@code io.skerry.base.process}. */
@NullMarked
package io.skerry.base.process;

import org.jspecify.annotations.NullMarked;
