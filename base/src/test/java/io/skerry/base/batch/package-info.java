/** Tests of {@code io.skerry.base.batch}. */
@NullMarked
package io.skerry.base.batch;

import org.jspecify.annotations.NullMarked;
