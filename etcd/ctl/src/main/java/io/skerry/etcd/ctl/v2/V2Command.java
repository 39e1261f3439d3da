package io.skerry.etcd.ctl.v2;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every command of the older etcdctl that needs a store. */
enum V2Command {
    SET("set", "KEY VALUE", KeyCommands.SET_FLAGS, KeyCommands::set),
    GET("get", "KEY", KeyCommands.GET_FLAGS, KeyCommands::get),
    LS("ls", "[KEY]", KeyCommands.LIST_FLAGS, KeyCommands::list),
    MK("mk", "KEY VALUE", KeyCommands.MAKE_FLAGS, KeyCommands::make),
    MKDIR("mkdir", "KEY", KeyCommands.TTL_FLAGS, KeyCommands::makeDirectory),
    RM("rm", "KEY", KeyCommands.REMOVE_FLAGS, KeyCommands::remove),
    RMDIR("rmdir", "KEY", List.of(), KeyCommands::removeDirectory),
    SETDIR("setdir", "KEY", KeyCommands.TTL_FLAGS, KeyCommands::setDirectory),
    UPDATE("update", "KEY VALUE", KeyCommands.TTL_FLAGS, KeyCommands::update),
    UPDATEDIR("updatedir", "KEY", KeyCommands.TTL_FLAGS, KeyCommands::updateDirectory),
    WATCH("watch", "KEY", WatchCommands.WATCH_FLAGS, WatchCommands::watch),
    EXEC_WATCH(
            "exec-watch",
            "KEY PROGRAM [ARGUMENT...]",
            WatchCommands.EXEC_FLAGS,
            WatchCommands::exec),
    BACKUP(
            "backup",
            "",
            BackupCommand.FLAGS,
            _ -> {
                throw BackupCommand.refusal();
            }),
    CLUSTER_HEALTH("cluster-health", "", MemberCommands.HEALTH_FLAGS, MemberCommands::health),
    MEMBER_LIST("member list", "", List.of(), MemberCommands::list),
    MEMBER_ADD("member add", "NAME PEER_URL", List.of(), MemberCommands::add),
    MEMBER_REMOVE("member remove", "ID", List.of(), MemberCommands::remove),
    MEMBER_UPDATE("member update", "ID PEER_URLS", List.of(), MemberCommands::update),
    USER_ADD("user add", "USER[:PASSWORD]", List.of(), AuthCommands::addUser),
    USER_GET("user get", "USER", List.of(), AuthCommands::getUser),
    USER_LIST("user list", "", List.of(), AuthCommands::listUsers),
    USER_REMOVE("user remove", "USER", List.of(), AuthCommands::removeUser),
    USER_GRANT("user grant", "USER", AuthCommands.USER_ROLE_FLAGS, AuthCommands::grantUser),
    USER_REVOKE("user revoke", "USER", AuthCommands.USER_ROLE_FLAGS, AuthCommands::revokeUser),
    USER_PASSWD("user passwd", "USER", List.of(), AuthCommands::passwd),
    ROLE_ADD("role add", "ROLE", List.of(), AuthCommands::addRole),
    ROLE_GET("role get", "ROLE", List.of(), AuthCommands::getRole),
    ROLE_LIST("role list", "", List.of(), AuthCommands::listRoles),
    ROLE_REMOVE("role remove", "ROLE", List.of(), AuthCommands::removeRole),
    ROLE_GRANT("role grant", "ROLE", AuthCommands.PATH_FLAGS, AuthCommands::grantRole),
    ROLE_REVOKE("role revoke", "ROLE", AuthCommands.PATH_FLAGS, AuthCommands::revokeRole),
    AUTH_ENABLE("auth enable", "", List.of(), AuthCommands::enable),
    AUTH_DISABLE("auth disable", "", List.of(), AuthCommands::disable);

    /**
     * Whether the members that the cluster tells are asked from then on, and not those that were
     * given.
     */
    boolean syncs() {
        return this != BACKUP && this != CLUSTER_HEALTH;
    }

    /** What a command does. */
    interface Work {
        void of(V2Invocation line) throws CtlFailure, InterruptedException;
    }

    private final String path;
    private final String usage;

    @SuppressWarnings("ImmutableEnumChecker") // flags are records of texts
    private final List<Flag> flags;

    @SuppressWarnings("ImmutableEnumChecker") // a static method has no state
    private final Work work;

    V2Command(String path, String usage, List<Flag> flags, Work work) {
        this.path = path;
        this.usage = usage;
        this.flags = flags;
        this.work = work;
    }

    static Optional<V2Command> named(String path) {
        return Arrays.stream(values()).filter(command -> command.path.equals(path)).findFirst();
    }

    /** True: a second word has to follow this one. */
    static boolean isGroup(String word) {
        return Arrays.stream(values()).anyMatch(command -> command.path.startsWith(word + " "));
    }

    String path() {
        return path;
    }

    /** Its words after its name. */
    String usage() {
        return usage;
    }

    List<Flag> flags() {
        return flags;
    }

    Work work() {
        return work;
    }
}
