package io.skerry.etcd.server.api.introspection;

import com.google.protobuf.UnknownFieldSet;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcRouter;
import org.jspecify.annotations.Nullable;

/** Health and reflection of a member. */
public final class Introspection {
    private Introspection() {}

    public static void register(GrpcRouter router) {
        HealthService.register(router);
        ReflectionService.register(router);
    }

    /** A method whose messages are read field by field: they are small and have no class here. */
    static GrpcMethod<UnknownFieldSet, UnknownFieldSet> method(String service, String name) {
        var parser = UnknownFieldSet.getDefaultInstance().getParserForType();
        return new GrpcMethod<>(service, name, parser, parser);
    }

    /** The last value of a string field; null when it is absent. */
    static @Nullable String text(UnknownFieldSet message, int field) {
        var values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? null : values.getLast().toStringUtf8();
    }
}
