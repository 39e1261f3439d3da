/**
 * gRPC as a thin layer over HTTP/2, that of {@code http2} on a server and Vert.x' on a client:
 * message framing, status trailers, deadlines, flow control. Called by the store's API and by its
 * clients. It neither generates nor reads service stubs: a {@link io.skerry.base.grpc.GrpcMethod}
 * names the path and the parser, and responses travel as bytes encoded once. It never blocks an
 * event loop.
 */
@NullMarked
package io.skerry.base.grpc;

import org.jspecify.annotations.NullMarked;
