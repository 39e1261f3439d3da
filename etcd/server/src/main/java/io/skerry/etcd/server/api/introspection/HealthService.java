package io.skerry.etcd.server.api.introspection;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code grpc.health.v1.Health}. As in etcd, the server as a whole (the empty service
 * name) serves for as long as it listens; whether reads are possible is what {@code /readyz} tells.
 */
final class HealthService {
    private static final String SERVICE = "grpc.health.v1.Health";
    private static final int NAME = 1;
    private static final int STATUS = 1;
    private static final long SERVING = 1;
    private static final long SERVICE_UNKNOWN = 3;

    private HealthService() {}

    static void register(GrpcRouter router) {
        router.unary(Introspection.method(SERVICE, "Check"), HealthService::check).stream(
                Introspection.method(SERVICE, "Watch"), (_, out) -> new Watching(out));
    }

    private static boolean known(UnknownFieldSet request) {
        return Objects.requireNonNullElse(Introspection.text(request, NAME), "").isEmpty();
    }

    private static ByteString status(long status) {
        return UnknownFieldSet.newBuilder()
                .addField(STATUS, UnknownFieldSet.Field.newBuilder().addVarint(status).build())
                .build()
                .toByteString();
    }

    private static CompletionStage<ByteString> check(UnknownFieldSet request, GrpcContext caller) {
        return known(request)
                ? CompletableFuture.completedFuture(status(SERVING))
                : CompletableFuture.failedFuture(
                        new GrpcException(GrpcCode.NOT_FOUND, "unknown service"));
    }

    /** Tells the status, which then stays as it is until the stream ends. */
    private record Watching(GrpcOutbound out) implements GrpcInbound<UnknownFieldSet> {
        @Override
        public void message(UnknownFieldSet request) {
            out.send(status(known(request) ? SERVING : SERVICE_UNKNOWN));
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }
}
