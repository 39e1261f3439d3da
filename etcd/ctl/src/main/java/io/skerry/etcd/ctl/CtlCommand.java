package io.skerry.etcd.ctl;

import io.skerry.etcd.ctl.command.AlarmDisarmCommand;
import io.skerry.etcd.ctl.command.AlarmListCommand;
import io.skerry.etcd.ctl.command.AuthDisableCommand;
import io.skerry.etcd.ctl.command.AuthEnableCommand;
import io.skerry.etcd.ctl.command.AuthStatusCommand;
import io.skerry.etcd.ctl.command.Command;
import io.skerry.etcd.ctl.command.CompactionCommand;
import io.skerry.etcd.ctl.command.DefragCommand;
import io.skerry.etcd.ctl.command.DelCommand;
import io.skerry.etcd.ctl.command.ElsewhereCommand;
import io.skerry.etcd.ctl.command.EndpointHashCommand;
import io.skerry.etcd.ctl.command.EndpointHealthCommand;
import io.skerry.etcd.ctl.command.EndpointStatusCommand;
import io.skerry.etcd.ctl.command.GetCommand;
import io.skerry.etcd.ctl.command.LeaseGrantCommand;
import io.skerry.etcd.ctl.command.LeaseKeepAliveCommand;
import io.skerry.etcd.ctl.command.LeaseListCommand;
import io.skerry.etcd.ctl.command.LeaseRevokeCommand;
import io.skerry.etcd.ctl.command.LeaseTimeToLiveCommand;
import io.skerry.etcd.ctl.command.MemberAddCommand;
import io.skerry.etcd.ctl.command.MemberListCommand;
import io.skerry.etcd.ctl.command.MemberPromoteCommand;
import io.skerry.etcd.ctl.command.MemberRemoveCommand;
import io.skerry.etcd.ctl.command.MemberUpdateCommand;
import io.skerry.etcd.ctl.command.MoveLeaderCommand;
import io.skerry.etcd.ctl.command.PutCommand;
import io.skerry.etcd.ctl.command.RoleAddCommand;
import io.skerry.etcd.ctl.command.RoleDeleteCommand;
import io.skerry.etcd.ctl.command.RoleGetCommand;
import io.skerry.etcd.ctl.command.RoleGrantCommand;
import io.skerry.etcd.ctl.command.RoleListCommand;
import io.skerry.etcd.ctl.command.RoleRevokeCommand;
import io.skerry.etcd.ctl.command.SnapshotSaveCommand;
import io.skerry.etcd.ctl.command.TxnCommand;
import io.skerry.etcd.ctl.command.UserAddCommand;
import io.skerry.etcd.ctl.command.UserDeleteCommand;
import io.skerry.etcd.ctl.command.UserGetCommand;
import io.skerry.etcd.ctl.command.UserGrantRoleCommand;
import io.skerry.etcd.ctl.command.UserListCommand;
import io.skerry.etcd.ctl.command.UserPasswdCommand;
import io.skerry.etcd.ctl.command.UserRevokeRoleCommand;
import io.skerry.etcd.ctl.command.VersionCommand;
import io.skerry.etcd.ctl.command.WatchCommand;
import java.util.function.Supplier;

/** Every command. {@link #create} is what loads a command's class. */
enum CtlCommand {
    GET("get", "read a key or a range of keys", GetCommand::new),
    PUT("put", "write a key", PutCommand::new),
    DEL("del", "delete a key or a range of keys", DelCommand::new),
    TXN("txn", "run a transaction read from standard input", TxnCommand::new),
    COMPACTION("compaction", "drop the history before a revision", CompactionCommand::new),
    LEASE_GRANT("lease grant", "grant a lease", LeaseGrantCommand::new),
    LEASE_REVOKE("lease revoke", "end a lease and delete its keys", LeaseRevokeCommand::new),
    LEASE_TTL("lease timetolive", "show how long a lease lives", LeaseTimeToLiveCommand::new),
    LEASE_LIST("lease list", "list leases", LeaseListCommand::new),
    LEASE_KEEP("lease keep-alive", "renew a lease until it ends", LeaseKeepAliveCommand::new),
    MEMBER_LIST("member list", "list members", MemberListCommand::new),
    MEMBER_ADD("member add", "add a member", MemberAddCommand::new),
    MEMBER_REMOVE("member remove", "remove a member", MemberRemoveCommand::new),
    MEMBER_UPDATE("member update", "change a member's peer URLs", MemberUpdateCommand::new),
    MEMBER_PROMOTE("member promote", "give a learner its vote", MemberPromoteCommand::new),
    ENDPOINT_HEALTH("endpoint health", "check that members serve", EndpointHealthCommand::new),
    ENDPOINT_STATUS("endpoint status", "show how members fare", EndpointStatusCommand::new),
    ENDPOINT_HASH("endpoint hashkv", "hash what members hold", EndpointHashCommand::new),
    ALARM_LIST("alarm list", "list alarms", AlarmListCommand::new),
    ALARM_DISARM("alarm disarm", "take back all alarms", AlarmDisarmCommand::new),
    DEFRAG("defrag", "give back unused disk space of members", DefragCommand::new),
    MOVE_LEADER("move-leader", "make another member lead", MoveLeaderCommand::new),
    SNAPSHOT_SAVE("snapshot save", "save a snapshot of a member", SnapshotSaveCommand::new),
    SNAPSHOT_STATUS(
            "snapshot status",
            "see skerry etcdutl snapshot status",
            () -> new ElsewhereCommand("skerry etcdutl snapshot status")),
    SNAPSHOT_RESTORE(
            "snapshot restore",
            "see skerry etcdutl snapshot restore",
            () -> new ElsewhereCommand("skerry etcdutl snapshot restore")),
    AUTH_ENABLE("auth enable", "turn authentication on", AuthEnableCommand::new),
    AUTH_DISABLE("auth disable", "turn authentication off", AuthDisableCommand::new),
    AUTH_STATUS("auth status", "show whether authentication is on", AuthStatusCommand::new),
    USER_ADD("user add", "add a user", UserAddCommand::new),
    USER_DELETE("user delete", "delete a user", UserDeleteCommand::new),
    USER_GET("user get", "show a user's roles", UserGetCommand::new),
    USER_LIST("user list", "list users", UserListCommand::new),
    USER_PASSWD("user passwd", "change a user's password", UserPasswdCommand::new),
    USER_GRANT("user grant-role", "give a user a role", UserGrantRoleCommand::new),
    USER_REVOKE("user revoke-role", "take a role from a user", UserRevokeRoleCommand::new),
    ROLE_ADD("role add", "add a role", RoleAddCommand::new),
    ROLE_DELETE("role delete", "delete a role", RoleDeleteCommand::new),
    ROLE_GET("role get", "show what a role may do", RoleGetCommand::new),
    ROLE_LIST("role list", "list roles", RoleListCommand::new),
    ROLE_GRANT("role grant-permission", "let a role use keys", RoleGrantCommand::new),
    ROLE_REVOKE("role revoke-permission", "take keys from a role", RoleRevokeCommand::new),
    WATCH("watch", "print what happens to keys", WatchCommand::new),
    VERSION("version", "print the version of etcdctl that this is like", VersionCommand::new);

    private final String path;
    private final String summary;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor has no state
    private final Supplier<Command> command;

    CtlCommand(String path, String summary, Supplier<Command> command) {
        this.path = path;
        this.summary = summary;
        this.command = command;
    }

    /** One word, or two. */
    String path() {
        return path;
    }

    /** The word at a place; empty if there is none. */
    String word(int place) {
        String[] words = path.split(" ", -1);
        return place < words.length ? words[place] : "";
    }

    String summary() {
        return summary;
    }

    Command create() {
        return command.get();
    }
}
