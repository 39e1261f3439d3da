package io.skerry.etcd.server.api.schema;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.etcd.jetcd.api.Auth;
import io.etcd.jetcd.api.ElectionOuterClass;
import io.etcd.jetcd.api.JetcdProto;
import io.etcd.jetcd.api.Kv;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All services of the clients' port: etcd's as of 3.6 (field numbers from its published {@code
 * rpc.proto} and {@code auth.proto}), gRPC's health and reflection.
 */
public final class EtcdSchema {
    private static final FileDescriptor KV = Kv.getDescriptor();

    private static final FileDescriptor AUTH =
            FileEdit.of(Auth.getDescriptor())
                    .field("UserAddOptions", "no_password", 1, FieldType.BOOL)
                    .field("User", "options", 4, FieldType.MESSAGE, "UserAddOptions")
                    .build();

    private static final FileDescriptor RPC =
            FileEdit.of(JetcdProto.getDescriptor())
                    .field("HashKVResponse", "hash_revision", 4, FieldType.INT64)
                    .field("SnapshotResponse", "version", 4, FieldType.STRING)
                    .choice("Compare", "target_union", "lease", 8, FieldType.INT64, "")
                    .value("Compare.CompareTarget", "LEASE", 4)
                    .value("AlarmType", "CORRUPT", 2)
                    .field("WatchCreateRequest", "watch_id", 7, FieldType.INT64)
                    .field("WatchCreateRequest", "fragment", 8, FieldType.BOOL)
                    .field("WatchResponse", "fragment", 7, FieldType.BOOL)
                    .field("MemberListRequest", "linearizable", 1, FieldType.BOOL)
                    .field("DowngradeInfo", "enabled", 1, FieldType.BOOL)
                    .field("DowngradeInfo", "targetVersion", 2, FieldType.STRING)
                    .field("StatusResponse", "storageVersion", 11, FieldType.STRING)
                    .field("StatusResponse", "dbSizeQuota", 12, FieldType.INT64)
                    .field(
                            "StatusResponse",
                            "downgradeInfo",
                            13,
                            FieldType.MESSAGE,
                            "DowngradeInfo")
                    .field(
                            "AuthUserAddRequest",
                            "options",
                            3,
                            FieldType.MESSAGE,
                            ".authpb.UserAddOptions")
                    .field("AuthUserAddRequest", "hashedPassword", 4, FieldType.STRING)
                    .field("AuthUserChangePasswordRequest", "hashedPassword", 3, FieldType.STRING)
                    .empty("LeaseLeasesRequest")
                    .field("LeaseStatus", "ID", 1, FieldType.INT64)
                    .field("LeaseLeasesResponse", "header", 1, FieldType.MESSAGE, "ResponseHeader")
                    .repeated("LeaseLeasesResponse", "leases", 2, FieldType.MESSAGE, "LeaseStatus")
                    .unary("Lease", "LeaseLeases", "LeaseLeasesRequest", "LeaseLeasesResponse")
                    .empty("AuthStatusRequest")
                    .field("AuthStatusResponse", "header", 1, FieldType.MESSAGE, "ResponseHeader")
                    .field("AuthStatusResponse", "enabled", 2, FieldType.BOOL)
                    .field("AuthStatusResponse", "authRevision", 3, FieldType.UINT64)
                    .unary("Auth", "AuthStatus", "AuthStatusRequest", "AuthStatusResponse")
                    .enumeration(
                            "DowngradeRequest",
                            "DowngradeAction",
                            List.of("VALIDATE", "ENABLE", "CANCEL"))
                    .field(
                            "DowngradeRequest",
                            "action",
                            1,
                            FieldType.ENUM,
                            "DowngradeRequest.DowngradeAction")
                    .field("DowngradeRequest", "version", 2, FieldType.STRING)
                    .field("DowngradeResponse", "header", 1, FieldType.MESSAGE, "ResponseHeader")
                    .field("DowngradeResponse", "version", 2, FieldType.STRING)
                    .unary("Maintenance", "Downgrade", "DowngradeRequest", "DowngradeResponse")
                    // Not etcd's.
                    .withoutMethod("Watch", "Progress")
                    .build(KV, AUTH);

    private static final FileDescriptor LOCK =
            FileEdit.of(io.etcd.jetcd.api.lock.JetcdProto.getDescriptor()).build(RPC);

    private static final FileDescriptor ELECTION =
            FileEdit.of(ElectionOuterClass.getDescriptor()).build(RPC, KV);

    private static final List<FileDescriptor> FILES =
            List.of(
                    KV,
                    AUTH,
                    RPC,
                    LOCK,
                    ELECTION,
                    HealthSchema.FILE,
                    ReflectionSchema.V1,
                    ReflectionSchema.V1_ALPHA);

    private EtcdSchema() {}

    /** All files, each after those that it depends on. */
    public static List<FileDescriptor> files() {
        return FILES;
    }

    /** A method by its path, {@code /service/method}; null if there is none. */
    public static @Nullable MethodDescriptor method(String path) {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            return null;
        }
        String service = path.substring(1, slash);
        for (var file : FILES) {
            for (var candidate : file.getServices()) {
                if (candidate.getFullName().equals(service)) {
                    return candidate.findMethodByName(path.substring(slash + 1));
                }
            }
        }
        return null;
    }
}
