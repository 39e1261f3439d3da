package io.skerry.base.grpc;

import io.skerry.base.http2.RequestHead;
import org.jspecify.annotations.Nullable;

/** How requests with certain header fields are handled; found out once for all that are alike. */
sealed interface CallPlan {
    /** Not for gRPC. */
    record Other() implements CallPlan {}

    record WrongHttpMethod() implements CallPlan {}

    /**
     * Answered with a status at once.
     *
     * @param compression whether the reason is a compression, which is told in a field of its own
     */
    record Refused(GrpcException reason, boolean compression) implements CallPlan {}

    /**
     * Given to a handler.
     *
     * @param timeoutNanos 0: none
     */
    record Call(GrpcRouter.Route<?> route, long timeoutNanos) implements CallPlan {}

    static CallPlan of(RequestHead head, @Nullable GrpcRouter router) {
        String type = head.header("content-type");
        if (type == null
                || !type.startsWith("application/grpc")
                || type.startsWith("application/grpc-web")) {
            return new Other();
        }
        if (!head.method().equals("POST")) {
            return new WrongHttpMethod();
        }
        String encoding = head.header("grpc-encoding");
        if (encoding != null && !encoding.equals("identity")) {
            return new Refused(
                    new GrpcException(
                            GrpcCode.UNIMPLEMENTED,
                            "grpc: compression " + encoding + " is not supported, only identity"),
                    true);
        }
        long timeoutNanos = 0;
        String timeout = head.header("grpc-timeout");
        if (timeout != null) {
            timeoutNanos = Wire.timeoutNanos(timeout);
            if (timeoutNanos < 0) {
                return new Refused(
                        new GrpcException(GrpcCode.INTERNAL, "malformed grpc-timeout: " + timeout),
                        false);
            }
        }
        String path = path(head);
        GrpcRouter.Route<?> route = router == null ? null : router.find(path);
        return route == null ? new Refused(unknown(path), false) : new Call(route, timeoutNanos);
    }

    static String path(RequestHead head) {
        String target = head.target();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static GrpcException unknown(String path) {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            return new GrpcException(
                    GrpcCode.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
        }
        return new GrpcException(
                GrpcCode.UNIMPLEMENTED,
                "unknown method "
                        + path.substring(slash + 1)
                        + " for service "
                        + path.substring(1, slash));
    }
}
