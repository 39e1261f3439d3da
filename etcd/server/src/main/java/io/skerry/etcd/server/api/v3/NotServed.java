package io.skerry.etcd.server.api.v3;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Methods of etcd's API that this version refuses by name. */
final class NotServed {
    private static final List<GrpcMethod<?, ?>> METHODS =
            List.of(
                    EtcdMethods.MEMBER_ADD,
                    EtcdMethods.MEMBER_REMOVE,
                    EtcdMethods.MEMBER_UPDATE,
                    EtcdMethods.MEMBER_PROMOTE,
                    EtcdMethods.MOVE_LEADER);

    private NotServed() {}

    static void register(GrpcRouter router) {
        METHODS.forEach(method -> refuse(router, method));
    }

    private static <Q extends MessageLite> void refuse(GrpcRouter router, GrpcMethod<Q, ?> method) {
        var refusal =
                new GrpcException(
                        GrpcCode.UNIMPLEMENTED,
                        "etcdserver: " + method.name() + " is not supported by this server");
        router.unary(method, (_, _) -> CompletableFuture.failedFuture(refusal));
    }
}
