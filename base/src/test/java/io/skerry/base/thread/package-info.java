/** Tests of {@code io.skerry.base.thread}. */
@NullMarked
package io.skerry.base.thread;

import org.jspecify.annotations.NullMarked;
