package io.skerry.etcd.server.api.v2;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A user, or a request to change one.
 *
 * @param password in a request the password, or empty; else its hash
 * @param roles names; null if none were ever given, which clients see
 * @param grant only in a request: roles it gets
 * @param revoke only in a request: roles it loses
 */
record User(
        String user,
        String password,
        @Nullable List<String> roles,
        List<String> grant,
        List<String> revoke) {
    static final String ROOT_NAME = "root";

    private static final int CONFLICT = 409;

    User {
        roles = roles == null ? null : List.copyOf(roles);
        grant = List.copyOf(grant);
        revoke = List.copyOf(revoke);
    }

    @Override
    public String toString() {
        return "User[" + user + "]";
    }

    boolean changesRoles() {
        return !grant.isEmpty() || !revoke.isEmpty();
    }

    List<String> roleNames() {
        return roles == null ? List.of() : roles;
    }

    User withPassword(String other) {
        return new User(user, other, roles, grant, revoke);
    }

    /** The user root has the role root, whatever is written of it. */
    User withRootRole() {
        if (!user.equals(ROOT_NAME) || roleNames().contains(Role.ROOT_NAME)) {
            return this;
        }
        var more = new ArrayList<>(roleNames());
        more.add(Role.ROOT_NAME);
        return new User(user, password, more, grant, revoke);
    }

    /**
     * Grants and revokes.
     *
     * @param hash of the new password; empty to keep the old one
     */
    User changedBy(User change, String hash) throws AuthException {
        var all = new TreeSet<>(roleNames());
        for (String role : change.grant) {
            if (!all.add(role)) {
                throw new AuthException(
                        CONFLICT, "Granting duplicate role " + role + " for user " + user);
            }
        }
        for (String role : change.revoke) {
            if (!all.remove(role)) {
                throw new AuthException(
                        CONFLICT, "Revoking ungranted role " + role + " for user " + user);
            }
        }
        return new User(
                user, hash.isEmpty() ? password : hash, List.copyOf(all), List.of(), List.of());
    }
}
