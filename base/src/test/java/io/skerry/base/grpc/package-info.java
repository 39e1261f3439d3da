/** Tests of {@code io.skerry.base.grpc} against real sockets. */
@NullMarked
package io.skerry.base.grpc;

import org.jspecify.annotations.NullMarked;
