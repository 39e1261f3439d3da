/**
 * gRPC over HTTP/2 as a thin layer on Vert.x: message framing, status trailers, deadlines, flow
 * control, server and client. Called by the store's API and by its clients. It neither generates
 * nor reads service stubs: a {@link io.skerry.base.grpc.GrpcMethod} names the path and the parser,
 * and responses travel as bytes encoded once. It never blocks an event loop.
 */
@NullMarked
package io.skerry.base.grpc;

import org.jspecify.annotations.NullMarked;
