package io.skerry.etcd.ctl;

import io.skerry.base.text.CompletionScript.Shell;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.ctl.command.AlarmDisarmCommand;
import io.skerry.etcd.ctl.command.AlarmListCommand;
import io.skerry.etcd.ctl.command.AuthDisableCommand;
import io.skerry.etcd.ctl.command.AuthEnableCommand;
import io.skerry.etcd.ctl.command.AuthStatusCommand;
import io.skerry.etcd.ctl.command.CheckDatascaleCommand;
import io.skerry.etcd.ctl.command.CheckPerfCommand;
import io.skerry.etcd.ctl.command.Command;
import io.skerry.etcd.ctl.command.CompactionCommand;
import io.skerry.etcd.ctl.command.CompletionCommand;
import io.skerry.etcd.ctl.command.DefragCommand;
import io.skerry.etcd.ctl.command.DelCommand;
import io.skerry.etcd.ctl.command.DowngradeCommand;
import io.skerry.etcd.ctl.command.ElectCommand;
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
import io.skerry.etcd.ctl.command.LockCommand;
import io.skerry.etcd.ctl.command.MakeMirrorCommand;
import io.skerry.etcd.ctl.command.MemberAddCommand;
import io.skerry.etcd.ctl.command.MemberListCommand;
import io.skerry.etcd.ctl.command.MemberPromoteCommand;
import io.skerry.etcd.ctl.command.MemberRemoveCommand;
import io.skerry.etcd.ctl.command.MemberUpdateCommand;
import io.skerry.etcd.ctl.command.MoveLeaderCommand;
import io.skerry.etcd.ctl.command.NamesCommand;
import io.skerry.etcd.ctl.command.PutCommand;
import io.skerry.etcd.ctl.command.RoleGetCommand;
import io.skerry.etcd.ctl.command.RoleGrantCommand;
import io.skerry.etcd.ctl.command.RoleListCommand;
import io.skerry.etcd.ctl.command.RoleRevokeCommand;
import io.skerry.etcd.ctl.command.SnapshotSaveCommand;
import io.skerry.etcd.ctl.command.TxnCommand;
import io.skerry.etcd.ctl.command.UserAddCommand;
import io.skerry.etcd.ctl.command.UserGetCommand;
import io.skerry.etcd.ctl.command.UserListCommand;
import io.skerry.etcd.ctl.command.UserPasswdCommand;
import io.skerry.etcd.ctl.command.VersionCommand;
import io.skerry.etcd.ctl.command.WatchCommand;
import java.util.function.Supplier;

/** Every command. {@link #create} is what loads a command's class. */
enum CtlCommand {
    GET(
            "get",
            "read a key or a range of keys",
            "etcdctl get --prefix app/ --keys-only",
            GetCommand::new),
    PUT("put", "write a key", "etcdctl put app/name web", PutCommand::new),
    DEL("del", "delete a key or a range of keys", "etcdctl del --prefix app/", DelCommand::new),
    TXN(
            "txn",
            "run a transaction read from standard input",
            "etcdctl txn < changes.txt",
            TxnCommand::new),
    COMPACTION(
            "compaction",
            "drop the history before a revision",
            "etcdctl compaction 1234",
            CompactionCommand::new),
    LEASE_GRANT("lease grant", "grant a lease", "etcdctl lease grant 60", LeaseGrantCommand::new),
    LEASE_REVOKE(
            "lease revoke",
            "end a lease and delete its keys",
            "etcdctl lease revoke 694d5765fc71500b",
            LeaseRevokeCommand::new),
    LEASE_TTL(
            "lease timetolive",
            "show how long a lease lives",
            "etcdctl lease timetolive 694d5765fc71500b --keys",
            LeaseTimeToLiveCommand::new),
    LEASE_LIST("lease list", "list leases", "etcdctl lease list", LeaseListCommand::new),
    LEASE_KEEP(
            "lease keep-alive",
            "renew a lease until it ends",
            "etcdctl lease keep-alive 694d5765fc71500b",
            LeaseKeepAliveCommand::new),
    MEMBER_LIST(
            "member list", "list members", "etcdctl member list -w table", MemberListCommand::new),
    MEMBER_ADD(
            "member add",
            "add a member",
            "etcdctl member add m4 --peer-urls https://10.0.0.4:2380 --learner",
            MemberAddCommand::new),
    MEMBER_REMOVE(
            "member remove",
            "remove a member",
            "etcdctl member remove 8e9e05c52164694d",
            MemberRemoveCommand::new),
    MEMBER_UPDATE(
            "member update",
            "change a member's peer URLs",
            "etcdctl member update 8e9e05c52164694d --peer-urls https://10.0.0.4:2380",
            MemberUpdateCommand::new),
    MEMBER_PROMOTE(
            "member promote",
            "give a learner its vote",
            "etcdctl member promote 8e9e05c52164694d",
            MemberPromoteCommand::new),
    ENDPOINT_HEALTH(
            "endpoint health",
            "check that members serve",
            "etcdctl endpoint health --cluster",
            EndpointHealthCommand::new),
    ENDPOINT_STATUS(
            "endpoint status",
            "show how members fare",
            "etcdctl endpoint status --cluster -w table",
            EndpointStatusCommand::new),
    ENDPOINT_HASH(
            "endpoint hashkv",
            "hash what members hold",
            "etcdctl endpoint hashkv --cluster",
            EndpointHashCommand::new),
    ALARM_LIST("alarm list", "list alarms", "etcdctl alarm list", AlarmListCommand::new),
    ALARM_DISARM(
            "alarm disarm",
            "take back all alarms",
            "etcdctl alarm disarm",
            AlarmDisarmCommand::new),
    DEFRAG(
            "defrag",
            "give back unused disk space of members",
            "etcdctl defrag --cluster",
            DefragCommand::new),
    MOVE_LEADER(
            "move-leader",
            "make another member lead",
            "etcdctl move-leader 8e9e05c52164694d",
            MoveLeaderCommand::new),
    DOWNGRADE_VALIDATE(
            "downgrade validate",
            "see whether the cluster may go back to a version",
            "etcdctl downgrade validate 3.4",
            () -> new DowngradeCommand(Downgrade.Action.VALIDATE)),
    DOWNGRADE_ENABLE(
            "downgrade enable",
            "let the cluster go back to a version",
            "etcdctl downgrade enable 3.4",
            () -> new DowngradeCommand(Downgrade.Action.ENABLE)),
    DOWNGRADE_CANCEL(
            "downgrade cancel",
            "keep the cluster from going back to a version",
            "etcdctl downgrade cancel",
            () -> new DowngradeCommand(Downgrade.Action.CANCEL)),
    SNAPSHOT_SAVE(
            "snapshot save",
            "save a snapshot of a member",
            "etcdctl snapshot save backup.db",
            SnapshotSaveCommand::new),
    SNAPSHOT_STATUS(
            "snapshot status",
            "see skerry etcdutl snapshot status",
            "skerry etcdutl snapshot status backup.db",
            () -> new ElsewhereCommand("skerry etcdutl snapshot status")),
    SNAPSHOT_RESTORE(
            "snapshot restore",
            "see skerry etcdutl snapshot restore",
            "skerry etcdutl snapshot restore backup.db",
            () -> new ElsewhereCommand("skerry etcdutl snapshot restore")),
    MIGRATE(
            "migrate",
            "not here: keys of v2 are read and written through both APIs",
            "ETCDCTL_API=2 etcdctl ls -r /",
            () ->
                    new ElsewhereCommand(
                            "ETCDCTL_API=2 etcdctl to read keys of v2 and etcdctl put to write"
                                    + " them; migrate reads files of the original's members")),
    AUTH_ENABLE(
            "auth enable", "turn authentication on", "etcdctl auth enable", AuthEnableCommand::new),
    AUTH_DISABLE(
            "auth disable",
            "turn authentication off",
            "etcdctl auth disable --user root",
            AuthDisableCommand::new),
    AUTH_STATUS(
            "auth status",
            "show whether authentication is on",
            "etcdctl auth status",
            AuthStatusCommand::new),
    USER_ADD("user add", "add a user", "etcdctl user add alice", UserAddCommand::new),
    USER_DELETE(
            "user delete", "delete a user", "etcdctl user delete alice", NamesCommand::userDelete),
    USER_GET(
            "user get",
            "show a user's roles",
            "etcdctl user get alice --detail",
            UserGetCommand::new),
    USER_LIST("user list", "list users", "etcdctl user list", UserListCommand::new),
    USER_PASSWD(
            "user passwd",
            "change a user's password",
            "etcdctl user passwd alice",
            UserPasswdCommand::new),
    USER_GRANT(
            "user grant-role",
            "give a user a role",
            "etcdctl user grant-role alice readers",
            NamesCommand::userGrantRole),
    USER_REVOKE(
            "user revoke-role",
            "take a role from a user",
            "etcdctl user revoke-role alice readers",
            NamesCommand::userRevokeRole),
    ROLE_ADD("role add", "add a role", "etcdctl role add readers", NamesCommand::roleAdd),
    ROLE_DELETE(
            "role delete",
            "delete a role",
            "etcdctl role delete readers",
            NamesCommand::roleDelete),
    ROLE_GET(
            "role get", "show what a role may do", "etcdctl role get readers", RoleGetCommand::new),
    ROLE_LIST("role list", "list roles", "etcdctl role list", RoleListCommand::new),
    ROLE_GRANT(
            "role grant-permission",
            "let a role use keys",
            "etcdctl role grant-permission readers read app/ --prefix",
            RoleGrantCommand::new),
    ROLE_REVOKE(
            "role revoke-permission",
            "take keys from a role",
            "etcdctl role revoke-permission readers app/ --prefix",
            RoleRevokeCommand::new),
    WATCH(
            "watch",
            "print what happens to keys",
            "etcdctl watch --prefix app/ -- ./reload.sh",
            WatchCommand::new),
    LOCK(
            "lock",
            "hold a lock while a program runs, or until interrupted",
            "etcdctl lock backups -- ./backup.sh",
            LockCommand::new),
    ELECT(
            "elect",
            "stand for election, or tell who leads",
            "etcdctl elect --listen scheduler",
            ElectCommand::new),
    MAKE_MIRROR(
            "make-mirror",
            "copy keys to another cluster and keep on",
            "etcdctl make-mirror --prefix app/ --dest-prefix copy/ http://10.0.0.9:2379",
            MakeMirrorCommand::new),
    CHECK_PERF(
            "check perf",
            "see whether the store keeps up with a load",
            "etcdctl check perf --load m",
            CheckPerfCommand::new),
    CHECK_DATASCALE(
            "check datascale",
            "see how much memory many keys take",
            "etcdctl check datascale --load m --auto-compact",
            CheckDatascaleCommand::new),
    COMPLETION_BASH(
            "completion bash",
            "print the completion for bash",
            "source <(etcdctl completion bash)",
            () -> new CompletionCommand(Shell.BASH, CommandTree::entries)),
    COMPLETION_ZSH(
            "completion zsh",
            "print the completion for zsh",
            "source <(etcdctl completion zsh)",
            () -> new CompletionCommand(Shell.ZSH, CommandTree::entries)),
    COMPLETION_FISH(
            "completion fish",
            "print the completion for fish",
            "etcdctl completion fish | source",
            () -> new CompletionCommand(Shell.FISH, CommandTree::entries)),
    COMPLETION_POWERSHELL(
            "completion powershell",
            "print the completion for powershell",
            "etcdctl completion powershell | Out-String | Invoke-Expression",
            () -> new CompletionCommand(Shell.POWERSHELL, CommandTree::entries)),
    VERSION(
            "version",
            "print the version of etcdctl that this is like",
            "etcdctl version",
            VersionCommand::new);

    private final String path;
    private final String summary;
    private final String example;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor has no state
    private final Supplier<Command> command;

    CtlCommand(String path, String summary, String example, Supplier<Command> command) {
        this.path = path;
        this.summary = summary;
        this.example = example;
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

    /** A whole command line. */
    String example() {
        return example;
    }

    Command create() {
        return command.get();
    }
}
