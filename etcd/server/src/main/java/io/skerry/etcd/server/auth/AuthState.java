package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and whether they matter, at one auth revision. Immutable; changes make a new one.
 *
 * <p>A check throws {@link DeniedException} and otherwise does nothing. While authentication is
 * disabled all of them pass.
 */
public final class AuthState {
    /** Name of the user who must exist, and of the role that may do everything. */
    public static final String ROOT = "root";

    /** Where a new cluster starts. */
    static final AuthState INITIAL = new AuthState(false, 1, Map.of(), Map.of());

    private final boolean enabled;
    private final long revision;
    private final SortedMap<String, User> users;
    private final SortedMap<String, Role> roles;

    /** What was asked for already; most users never ask between two changes. */
    private final Map<String, Permitted> permitted = new ConcurrentHashMap<>();

    private record Permitted(PermittedKeys read, PermittedKeys write) {}

    AuthState(boolean enabled, long revision, Map<String, User> users, Map<String, Role> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.users = new TreeMap<>(users);
        this.roles = new TreeMap<>(roles);
    }

    public boolean enabled() {
        return enabled;
    }

    /** Grows by one with each change of users and roles, and when authentication is disabled. */
    public long revision() {
        return revision;
    }

    public @Nullable User user(String name) {
        return users.get(name);
    }

    public @Nullable Role role(String name) {
        return roles.get(name);
    }

    /** All users by name. */
    public Collection<User> users() {
        return List.copyOf(users.values());
    }

    /** All roles by name. */
    public Collection<Role> roles() {
        return List.copyOf(roles.values());
    }

    SortedMap<String, User> usersByName() {
        return new TreeMap<>(users);
    }

    SortedMap<String, Role> rolesByName() {
        return new TreeMap<>(roles);
    }

    /** The caller may read every key of the range. */
    public void requireRead(Caller caller, ByteString key, ByteString rangeEnd)
            throws DeniedException {
        require(caller, key, rangeEnd, Access.READ);
    }

    /** The caller may write every key of the range. */
    public void requireWrite(Caller caller, ByteString key, ByteString rangeEnd)
            throws DeniedException {
        require(caller, key, rangeEnd, Access.WRITE);
    }

    private void require(Caller caller, ByteString key, ByteString rangeEnd, Access access)
            throws DeniedException {
        if (!enabled) {
            return;
        }
        requireCurrent(caller);
        var user = users.get(caller.name());
        if (user == null) {
            throw new DeniedException(Denial.PERMISSION_DENIED);
        }
        if (user.root()) {
            return;
        }
        var keys = permitted.computeIfAbsent(user.name(), _ -> permitted(user));
        if (!(access == Access.READ ? keys.read : keys.write).contains(key, rangeEnd)) {
            throw new DeniedException(Denial.PERMISSION_DENIED);
        }
    }

    private Permitted permitted(User user) {
        var permissions = new ArrayList<Permission>();
        for (var name : user.roles()) {
            var role = roles.get(name);
            if (role != null) {
                permissions.addAll(role.permissions());
            }
        }
        return new Permitted(
                PermittedKeys.of(permissions, Access.READ),
                PermittedKeys.of(permissions, Access.WRITE));
    }

    private void requireCurrent(Caller caller) throws DeniedException {
        requireKnown(caller);
        if (caller.revision() < revision) {
            throw new DeniedException(Denial.OLD_REVISION);
        }
    }

    /** The caller is some user. */
    public void requireKnown(Caller caller) throws DeniedException {
        if (enabled && !caller.known()) {
            throw new DeniedException(Denial.USER_EMPTY);
        }
    }

    /**
     * The caller has the role root. As in etcd this does not look at the caller's revision: what
     * counts is the role now, and an administrator's own changes must not shut it out.
     */
    public void requireRoot(Caller caller) throws DeniedException {
        if (!enabled || caller.equals(Caller.STORE)) {
            return;
        }
        if (caller.name().isEmpty()) {
            throw new DeniedException(Denial.USER_EMPTY);
        }
        User user = users.get(caller.name());
        if (user == null) {
            // A certificate may name somebody who is no user.
            throw new DeniedException(Denial.USER_NOT_FOUND);
        }
        if (!user.root()) {
            throw new DeniedException(Denial.PERMISSION_DENIED);
        }
    }

    /** Whether everything is open to the caller: authentication is disabled, or it is a root. */
    public boolean unrestricted(Caller caller) {
        return !enabled || root(caller);
    }

    private boolean root(Caller caller) {
        var user = users.get(caller.name());
        return user != null && user.root();
    }

    /** The caller may see this user: itself, or anyone for a root. */
    public void requireMaySeeUser(Caller caller, String name) throws DeniedException {
        if (!(caller.known() && caller.name().equals(name))) {
            requireRoot(caller);
        }
    }

    /** The caller may see this role: one of its own, or any for a root. */
    public void requireMaySeeRole(Caller caller, String name) throws DeniedException {
        var user = users.get(caller.name());
        if (!(caller.known() && user != null && user.roles().contains(name))) {
            requireRoot(caller);
        }
    }
}
