package io.skerry.etcd.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmResponse;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthDisableResponse;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthEnableResponse;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleAddResponse;
import io.etcd.jetcd.api.AuthRoleDeleteRequest;
import io.etcd.jetcd.api.AuthRoleDeleteResponse;
import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.etcd.jetcd.api.AuthRoleGetResponse;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionResponse;
import io.etcd.jetcd.api.AuthRoleListRequest;
import io.etcd.jetcd.api.AuthRoleListResponse;
import io.etcd.jetcd.api.AuthRoleRevokePermissionRequest;
import io.etcd.jetcd.api.AuthRoleRevokePermissionResponse;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserAddResponse;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordResponse;
import io.etcd.jetcd.api.AuthUserDeleteRequest;
import io.etcd.jetcd.api.AuthUserDeleteResponse;
import io.etcd.jetcd.api.AuthUserGetRequest;
import io.etcd.jetcd.api.AuthUserGetResponse;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleResponse;
import io.etcd.jetcd.api.AuthUserListRequest;
import io.etcd.jetcd.api.AuthUserListResponse;
import io.etcd.jetcd.api.AuthUserRevokeRoleRequest;
import io.etcd.jetcd.api.AuthUserRevokeRoleResponse;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.CompactionResponse;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.DefragmentResponse;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.DeleteRangeResponse;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.HashRequest;
import io.etcd.jetcd.api.HashResponse;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberAddResponse;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.etcd.jetcd.api.MemberPromoteRequest;
import io.etcd.jetcd.api.MemberPromoteResponse;
import io.etcd.jetcd.api.MemberRemoveRequest;
import io.etcd.jetcd.api.MemberRemoveResponse;
import io.etcd.jetcd.api.MemberUpdateRequest;
import io.etcd.jetcd.api.MemberUpdateResponse;
import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.MoveLeaderResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcMethod;

/** The methods of etcd's v3 API, for servers and clients. */
public final class EtcdMethods {
    private static final String PACKAGE = "etcdserverpb.";

    public static final GrpcMethod<RangeRequest, RangeResponse> RANGE =
            of("KV", "Range", RangeRequest.parser(), RangeResponse.parser());
    public static final GrpcMethod<PutRequest, PutResponse> PUT =
            of("KV", "Put", PutRequest.parser(), PutResponse.parser());
    public static final GrpcMethod<DeleteRangeRequest, DeleteRangeResponse> DELETE_RANGE =
            of("KV", "DeleteRange", DeleteRangeRequest.parser(), DeleteRangeResponse.parser());
    public static final GrpcMethod<TxnRequest, TxnResponse> TXN =
            of("KV", "Txn", TxnRequest.parser(), TxnResponse.parser());
    public static final GrpcMethod<CompactionRequest, CompactionResponse> COMPACT =
            of("KV", "Compact", CompactionRequest.parser(), CompactionResponse.parser());

    public static final GrpcMethod<WatchRequest, WatchResponse> WATCH =
            of("Watch", "Watch", WatchRequest.parser(), WatchResponse.parser());

    public static final GrpcMethod<LeaseGrantRequest, LeaseGrantResponse> LEASE_GRANT =
            of("Lease", "LeaseGrant", LeaseGrantRequest.parser(), LeaseGrantResponse.parser());
    public static final GrpcMethod<LeaseRevokeRequest, LeaseRevokeResponse> LEASE_REVOKE =
            of("Lease", "LeaseRevoke", LeaseRevokeRequest.parser(), LeaseRevokeResponse.parser());
    public static final GrpcMethod<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LEASE_KEEP_ALIVE =
            of(
                    "Lease",
                    "LeaseKeepAlive",
                    LeaseKeepAliveRequest.parser(),
                    LeaseKeepAliveResponse.parser());
    public static final GrpcMethod<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>
            LEASE_TIME_TO_LIVE =
                    of(
                            "Lease",
                            "LeaseTimeToLive",
                            LeaseTimeToLiveRequest.parser(),
                            LeaseTimeToLiveResponse.parser());

    /**
     * All leases. The published classes lack its messages, hence raw fields: {@link LeaseList}
     * reads and writes the response.
     */
    public static final GrpcMethod<UnknownFieldSet, UnknownFieldSet> LEASE_LEASES =
            of(
                    "Lease",
                    "LeaseLeases",
                    UnknownFieldSet.getDefaultInstance().getParserForType(),
                    UnknownFieldSet.getDefaultInstance().getParserForType());

    public static final GrpcMethod<MemberAddRequest, MemberAddResponse> MEMBER_ADD =
            of("Cluster", "MemberAdd", MemberAddRequest.parser(), MemberAddResponse.parser());
    public static final GrpcMethod<MemberRemoveRequest, MemberRemoveResponse> MEMBER_REMOVE =
            of(
                    "Cluster",
                    "MemberRemove",
                    MemberRemoveRequest.parser(),
                    MemberRemoveResponse.parser());
    public static final GrpcMethod<MemberUpdateRequest, MemberUpdateResponse> MEMBER_UPDATE =
            of(
                    "Cluster",
                    "MemberUpdate",
                    MemberUpdateRequest.parser(),
                    MemberUpdateResponse.parser());
    public static final GrpcMethod<MemberListRequest, MemberListResponse> MEMBER_LIST =
            of("Cluster", "MemberList", MemberListRequest.parser(), MemberListResponse.parser());
    public static final GrpcMethod<MemberPromoteRequest, MemberPromoteResponse> MEMBER_PROMOTE =
            of(
                    "Cluster",
                    "MemberPromote",
                    MemberPromoteRequest.parser(),
                    MemberPromoteResponse.parser());

    public static final GrpcMethod<AlarmRequest, AlarmResponse> ALARM =
            of("Maintenance", "Alarm", AlarmRequest.parser(), AlarmResponse.parser());
    public static final GrpcMethod<StatusRequest, StatusResponse> STATUS =
            of("Maintenance", "Status", StatusRequest.parser(), StatusResponse.parser());
    public static final GrpcMethod<DefragmentRequest, DefragmentResponse> DEFRAGMENT =
            of(
                    "Maintenance",
                    "Defragment",
                    DefragmentRequest.parser(),
                    DefragmentResponse.parser());
    public static final GrpcMethod<HashRequest, HashResponse> HASH =
            of("Maintenance", "Hash", HashRequest.parser(), HashResponse.parser());
    public static final GrpcMethod<HashKVRequest, HashKVResponse> HASH_KV =
            of("Maintenance", "HashKV", HashKVRequest.parser(), HashKVResponse.parser());
    public static final GrpcMethod<SnapshotRequest, SnapshotResponse> SNAPSHOT =
            of("Maintenance", "Snapshot", SnapshotRequest.parser(), SnapshotResponse.parser());
    public static final GrpcMethod<MoveLeaderRequest, MoveLeaderResponse> MOVE_LEADER =
            of(
                    "Maintenance",
                    "MoveLeader",
                    MoveLeaderRequest.parser(),
                    MoveLeaderResponse.parser());

    /** Takes the cluster back to an older version. The published classes lack its messages. */
    public static final GrpcMethod<UnknownFieldSet, UnknownFieldSet> DOWNGRADE =
            of(
                    "Maintenance",
                    "Downgrade",
                    UnknownFieldSet.getDefaultInstance().getParserForType(),
                    UnknownFieldSet.getDefaultInstance().getParserForType());

    public static final GrpcMethod<AuthEnableRequest, AuthEnableResponse> AUTH_ENABLE =
            of("Auth", "AuthEnable", AuthEnableRequest.parser(), AuthEnableResponse.parser());
    public static final GrpcMethod<AuthDisableRequest, AuthDisableResponse> AUTH_DISABLE =
            of("Auth", "AuthDisable", AuthDisableRequest.parser(), AuthDisableResponse.parser());

    /**
     * Messages that the published classes lack: {@link AuthStatus} reads and writes the response.
     */
    public static final GrpcMethod<UnknownFieldSet, UnknownFieldSet> AUTH_STATUS =
            of(
                    "Auth",
                    "AuthStatus",
                    UnknownFieldSet.getDefaultInstance().getParserForType(),
                    UnknownFieldSet.getDefaultInstance().getParserForType());

    public static final GrpcMethod<AuthenticateRequest, AuthenticateResponse> AUTHENTICATE =
            of("Auth", "Authenticate", AuthenticateRequest.parser(), AuthenticateResponse.parser());
    public static final GrpcMethod<AuthUserAddRequest, AuthUserAddResponse> USER_ADD =
            of("Auth", "UserAdd", AuthUserAddRequest.parser(), AuthUserAddResponse.parser());
    public static final GrpcMethod<AuthUserGetRequest, AuthUserGetResponse> USER_GET =
            of("Auth", "UserGet", AuthUserGetRequest.parser(), AuthUserGetResponse.parser());
    public static final GrpcMethod<AuthUserListRequest, AuthUserListResponse> USER_LIST =
            of("Auth", "UserList", AuthUserListRequest.parser(), AuthUserListResponse.parser());
    public static final GrpcMethod<AuthUserDeleteRequest, AuthUserDeleteResponse> USER_DELETE =
            of(
                    "Auth",
                    "UserDelete",
                    AuthUserDeleteRequest.parser(),
                    AuthUserDeleteResponse.parser());
    public static final GrpcMethod<AuthUserChangePasswordRequest, AuthUserChangePasswordResponse>
            USER_CHANGE_PASSWORD =
                    of(
                            "Auth",
                            "UserChangePassword",
                            AuthUserChangePasswordRequest.parser(),
                            AuthUserChangePasswordResponse.parser());
    public static final GrpcMethod<AuthUserGrantRoleRequest, AuthUserGrantRoleResponse>
            USER_GRANT_ROLE =
                    of(
                            "Auth",
                            "UserGrantRole",
                            AuthUserGrantRoleRequest.parser(),
                            AuthUserGrantRoleResponse.parser());
    public static final GrpcMethod<AuthUserRevokeRoleRequest, AuthUserRevokeRoleResponse>
            USER_REVOKE_ROLE =
                    of(
                            "Auth",
                            "UserRevokeRole",
                            AuthUserRevokeRoleRequest.parser(),
                            AuthUserRevokeRoleResponse.parser());
    public static final GrpcMethod<AuthRoleAddRequest, AuthRoleAddResponse> ROLE_ADD =
            of("Auth", "RoleAdd", AuthRoleAddRequest.parser(), AuthRoleAddResponse.parser());
    public static final GrpcMethod<AuthRoleGetRequest, AuthRoleGetResponse> ROLE_GET =
            of("Auth", "RoleGet", AuthRoleGetRequest.parser(), AuthRoleGetResponse.parser());
    public static final GrpcMethod<AuthRoleListRequest, AuthRoleListResponse> ROLE_LIST =
            of("Auth", "RoleList", AuthRoleListRequest.parser(), AuthRoleListResponse.parser());
    public static final GrpcMethod<AuthRoleDeleteRequest, AuthRoleDeleteResponse> ROLE_DELETE =
            of(
                    "Auth",
                    "RoleDelete",
                    AuthRoleDeleteRequest.parser(),
                    AuthRoleDeleteResponse.parser());
    public static final GrpcMethod<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionResponse>
            ROLE_GRANT_PERMISSION =
                    of(
                            "Auth",
                            "RoleGrantPermission",
                            AuthRoleGrantPermissionRequest.parser(),
                            AuthRoleGrantPermissionResponse.parser());
    public static final GrpcMethod<
                    AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionResponse>
            ROLE_REVOKE_PERMISSION =
                    of(
                            "Auth",
                            "RoleRevokePermission",
                            AuthRoleRevokePermissionRequest.parser(),
                            AuthRoleRevokePermissionResponse.parser());

    private EtcdMethods() {}

    private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> of(
            String service, String name, Parser<Q> requests, Parser<R> responses) {
        return new GrpcMethod<>(PACKAGE + service, name, requests, responses);
    }
}
