package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodeInfo;
import io.skerry.etcd.server.v2store.NodePath;
import io.skerry.etcd.server.v2store.Write;
import io.skerry.etcd.server.v2store.Write.Condition;
import java.util.List;
import java.util.stream.Stream;

/**
 * Users, roles and the switch of the v2 API, in a tree of their own. A change of what is there is
 * made by comparing its index, so that of two at once none is lost.
 */
final class UserStore {
    private static final NodePath USERS = NodePath.of("/users");
    private static final NodePath ROLES = NodePath.of("/roles");
    private static final NodePath ENABLED = NodePath.of("/enabled");
    private static final int MAX_TRIES = 20;

    private final TreeAccess tree;

    UserStore(TreeAccess tree) {
        this.tree = tree;
    }

    /** What was stored, and the index by which it is replaced. */
    record Stored<T>(T value, long index) {}

    boolean enabled() throws NodeErrorException {
        try {
            return "true".equals(read(ENABLED).value());
        } catch (NodeErrorException e) {
            return absent(e, false);
        }
    }

    void enable(boolean enabled) throws NodeErrorException, InterruptedException {
        var _ =
                tree.write(
                        new Write.Set(
                                Namespace.AUTH,
                                ENABLED,
                                tree.nowEpochNanos(),
                                false,
                                Boolean.toString(enabled),
                                null,
                                false));
    }

    private NodeInfo read(NodePath path) throws NodeErrorException {
        return tree.read(Namespace.AUTH, found -> found.get(path, false, 0));
    }

    private static <T> T absent(NodeErrorException failure, T otherwise) throws NodeErrorException {
        if (failure.error().code() != ErrorCode.KEY_NOT_FOUND) {
            throw failure;
        }
        return otherwise;
    }

    private List<String> names(NodePath directory) throws NodeErrorException {
        try {
            return read(directory).nodes().stream()
                    .map(node -> new NodePath(node.key()).name())
                    .toList();
        } catch (NodeErrorException e) {
            return absent(e, List.of());
        }
    }

    List<String> users() throws NodeErrorException {
        return names(USERS);
    }

    /** The role root is always among them. */
    List<String> roles() throws NodeErrorException {
        return Stream.concat(Stream.of(Role.ROOT_NAME), names(ROLES).stream()).sorted().toList();
    }

    /** Throws what the API says if there is none: 404. */
    Stored<User> user(String name) throws NodeErrorException, AuthException {
        try {
            var node = read(USERS.child(name));
            return new Stored<>(
                    AuthJson.user(String.valueOf(node.value())).withRootRole(),
                    node.modifiedIndex());
        } catch (NodeErrorException e) {
            throw absent(e, new AuthException(404, "User " + name + " does not exist."));
        } catch (AuthJson.MalformedException e) {
            throw new IllegalStateException("the stored user " + name + " cannot be read", e);
        }
    }

    /** Throws what the API says if there is none: 404. */
    Stored<Role> role(String name) throws NodeErrorException, AuthException {
        if (name.equals(Role.ROOT_NAME)) {
            return new Stored<>(Role.ROOT, 0);
        }
        try {
            var node = read(ROLES.child(name));
            return new Stored<>(AuthJson.role(String.valueOf(node.value())), node.modifiedIndex());
        } catch (NodeErrorException e) {
            throw absent(e, new AuthException(404, "Role " + name + " does not exist."));
        } catch (AuthJson.MalformedException e) {
            throw new IllegalStateException("the stored role " + name + " cannot be read", e);
        }
    }

    void create(User user) throws NodeErrorException, AuthException, InterruptedException {
        create(
                USERS.child(user.user()),
                AuthJson.of(user),
                "User " + user.user() + " already exists.");
    }

    void create(Role role) throws NodeErrorException, AuthException, InterruptedException {
        create(
                ROLES.child(role.role()),
                AuthJson.of(role),
                "Role " + role.role() + " already exists.");
    }

    private void create(NodePath path, String json, String conflict)
            throws NodeErrorException, AuthException, InterruptedException {
        try {
            var _ =
                    tree.write(
                            new Write.Create(
                                    Namespace.AUTH,
                                    path,
                                    tree.nowEpochNanos(),
                                    false,
                                    json,
                                    false,
                                    null));
        } catch (NodeErrorException e) {
            if (e.error().code() == ErrorCode.KEY_EXISTS) {
                throw new AuthException(409, conflict);
            }
            throw e;
        }
    }

    boolean deleteUser(String name) throws NodeErrorException, InterruptedException {
        return delete(USERS.child(name));
    }

    boolean deleteRole(String name) throws NodeErrorException, InterruptedException {
        return delete(ROLES.child(name));
    }

    /** Returns whether it was there. */
    private boolean delete(NodePath path) throws NodeErrorException, InterruptedException {
        try {
            var _ =
                    tree.write(
                            new Write.Delete(
                                    Namespace.AUTH, path, tree.nowEpochNanos(), false, false));
            return true;
        } catch (NodeErrorException e) {
            return absent(e, false);
        }
    }

    @FunctionalInterface
    interface Change<T> {
        T apply(T before) throws AuthException, InterruptedException, NodeErrorException;
    }

    User update(String name, Change<User> change)
            throws NodeErrorException, AuthException, InterruptedException {
        for (int tries = 0; ; tries++) {
            var before = user(name);
            var after = change.apply(before.value());
            if (replaced(USERS.child(name), before.index(), AuthJson.of(after), tries)) {
                return after;
            }
        }
    }

    Role update(Change<Role> change, String name)
            throws NodeErrorException, AuthException, InterruptedException {
        for (int tries = 0; ; tries++) {
            var before = role(name);
            var after = change.apply(before.value());
            if (replaced(ROLES.child(name), before.index(), AuthJson.of(after), tries)) {
                return after;
            }
        }
    }

    /** Returns false if it has been changed meanwhile and is to be tried again. */
    private boolean replaced(NodePath path, long index, String json, int tries)
            throws NodeErrorException, InterruptedException {
        // The index that was read may be older than the newest: the next try must see that.
        try {
            var _ =
                    tree.write(
                            new Write.CompareAndSwap(
                                    Namespace.AUTH,
                                    path,
                                    tree.nowEpochNanos(),
                                    new Condition("", index),
                                    json,
                                    null,
                                    false));
            return true;
        } catch (NodeErrorException e) {
            if (e.error().code() != ErrorCode.COMPARE_FAILED || tries >= MAX_TRIES) {
                throw e;
            }
            tree.awaitQuorum();
            return false;
        }
    }
}
