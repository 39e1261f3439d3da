/** Tests of {@code io.skerry.base.http} against real sockets. */
@NullMarked
package io.skerry.base.http;

import org.jspecify.annotations.NullMarked;
