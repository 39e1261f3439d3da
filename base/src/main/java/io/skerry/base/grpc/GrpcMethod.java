package io.skerry.base.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * One method of a gRPC service.
 *
 * @param service full name with its package, e.g. {@code etcdserverpb.KV}
 * @param name the method, e.g. {@code Range}
 */
public record GrpcMethod<Q extends MessageLite, R extends MessageLite>(
        String service, String name, Parser<Q> requests, Parser<R> responses) {

    /** The HTTP/2 path, {@code /service/name}. */
    public String path() {
        return "/" + service + "/" + name;
    }
}
