/** Tests of {@code io.skerry.base.log}. */
@NullMarked
package io.skerry.base.log;

import org.jspecify.annotations.NullMarked;
