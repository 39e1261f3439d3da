package io.skerry.etcd.server.store;

import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.auth.DeniedException;
import io.skerry.etcd.server.auth.RequestAccess;

/** Which rights a command needs, by the state it is about to be applied to. */
final class CommandAccess {
    private CommandAccess() {}

    /**
     * Refuses what the caller may not do.
     *
     * @param leases the keys that hang on a lease now
     */
    static void check(
            AuthState state, Caller caller, Command command, RequestAccess.LeaseKeys leases)
            throws DeniedException {
        if (!state.enabled()) {
            return;
        }
        var access = new RequestAccess(state, caller, leases);
        switch (command) {
            case Command.Put(var request) -> access.put(request);
            case Command.DeleteRange(var request) -> access.deleteRange(request);
            case Command.Txn(var request) -> access.txn(request);
            case Command.LeaseGrant _ -> state.requireKnown(caller);
            case Command.LeaseRevoke(var request) -> {
                state.requireKnown(caller);
                access.writeKeysOf(request.getID());
            }
            case Command.Compact _, Command.Alarm _, Command.ChangeAuth _ ->
                    state.requireRoot(caller);
            case Command.As _ -> throw new IllegalStateException("a command has one caller");
            // The store's own; a password was checked for the token; v2 has users of its own; who
            // changes members is checked before they are changed.
            case Command.LeaseExpire _,
                    Command.LeaseCheckpoint _,
                    Command.AssignToken _,
                    Command.NodeWrite _,
                    Command.NodeExpire _,
                    Command.NodeCheckpoint _,
                    Command.Members _ -> {}
        }
    }
}
