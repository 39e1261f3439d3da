package io.skerry.etcd.server.api.schema;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/** gRPC's health checking protocol, {@code grpc.health.v1}. */
public final class HealthSchema {
    /** The service {@code Health}. */
    public static final FileDescriptor FILE =
            FileEdit.create("grpc/health/v1/health.proto", "grpc.health.v1")
                    .field("HealthCheckRequest", "service", 1, FieldType.STRING)
                    .enumeration(
                            "HealthCheckResponse",
                            "ServingStatus",
                            List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"))
                    .field(
                            "HealthCheckResponse",
                            "status",
                            1,
                            FieldType.ENUM,
                            "HealthCheckResponse.ServingStatus")
                    .unary("Health", "Check", "HealthCheckRequest", "HealthCheckResponse")
                    .method(
                            "Health",
                            "Watch",
                            "HealthCheckRequest",
                            "HealthCheckResponse",
                            false,
                            true)
                    .build();

    private HealthSchema() {}
}
