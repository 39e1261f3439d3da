package io.skerry.etcd.server.api.gateway;

import java.util.Map;
import java.util.TreeMap;

/** Which path is which method, from etcd's published {@code rpc.proto}. */
final class GatewayPaths {
    private GatewayPaths() {}

    /** From HTTP path to {@code /service/method}. */
    static Map<String, String> all() {
        var paths = new TreeMap<String, String>();
        service(paths, "etcdserverpb.KV", "/v3/kv/")
                .at("range", "Range")
                .at("put", "Put")
                .at("deleterange", "DeleteRange")
                .at("txn", "Txn")
                .at("compaction", "Compact");
        service(paths, "etcdserverpb.Watch", "/v3/").at("watch", "Watch");
        service(paths, "etcdserverpb.Lease", "/v3/lease/")
                .at("grant", "LeaseGrant")
                .at("revoke", "LeaseRevoke")
                .at("keepalive", "LeaseKeepAlive")
                .at("timetolive", "LeaseTimeToLive")
                .at("leases", "LeaseLeases");
        service(paths, "etcdserverpb.Lease", "/v3/kv/lease/")
                .at("revoke", "LeaseRevoke")
                .at("timetolive", "LeaseTimeToLive")
                .at("leases", "LeaseLeases");
        service(paths, "etcdserverpb.Cluster", "/v3/cluster/member/")
                .at("add", "MemberAdd")
                .at("remove", "MemberRemove")
                .at("update", "MemberUpdate")
                .at("list", "MemberList")
                .at("promote", "MemberPromote");
        service(paths, "etcdserverpb.Maintenance", "/v3/maintenance/")
                .at("alarm", "Alarm")
                .at("status", "Status")
                .at("defragment", "Defragment")
                .at("hash", "Hash")
                .at("hashkv", "HashKV")
                .at("snapshot", "Snapshot")
                .at("transfer-leadership", "MoveLeader")
                .at("downgrade", "Downgrade");
        service(paths, "etcdserverpb.Auth", "/v3/auth/")
                .at("enable", "AuthEnable")
                .at("disable", "AuthDisable")
                .at("status", "AuthStatus")
                .at("authenticate", "Authenticate")
                .at("user/add", "UserAdd")
                .at("user/get", "UserGet")
                .at("user/list", "UserList")
                .at("user/delete", "UserDelete")
                .at("user/changepw", "UserChangePassword")
                .at("user/grant", "UserGrantRole")
                .at("user/revoke", "UserRevokeRole")
                .at("role/add", "RoleAdd")
                .at("role/get", "RoleGet")
                .at("role/list", "RoleList")
                .at("role/delete", "RoleDelete")
                .at("role/grant", "RoleGrantPermission")
                .at("role/revoke", "RoleRevokePermission");
        service(paths, "v3lockpb.Lock", "/v3/lock/").at("lock", "Lock").at("unlock", "Unlock");
        service(paths, "v3electionpb.Election", "/v3/election/")
                .at("campaign", "Campaign")
                .at("proclaim", "Proclaim")
                .at("leader", "Leader")
                .at("observe", "Observe")
                .at("resign", "Resign");
        return paths;
    }

    private static Paths service(Map<String, String> paths, String service, String prefix) {
        return new Paths(paths, service, prefix);
    }

    private record Paths(Map<String, String> paths, String service, String prefix) {
        Paths at(String path, String method) {
            paths.put(prefix + path, "/" + service + "/" + method);
            return this;
        }
    }
}
