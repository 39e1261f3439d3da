package io.skerry.etcd.server.auth;

import java.util.List;
import java.util.TreeSet;

/**
 * A user.
 *
 * @param passwordHash bcrypt's, with its salt and cost; empty for a user without password
 * @param noPassword the user can only be known by a certificate
 * @param roles sorted
 */
public record User(String name, String passwordHash, boolean noPassword, List<String> roles) {
    public User {
        roles = List.copyOf(new TreeSet<>(roles));
    }

    boolean root() {
        return roles.contains(AuthState.ROOT);
    }

    User withPasswordHash(String hash) {
        return new User(name, hash, noPassword, roles);
    }

    User withRole(String role) {
        var more = new TreeSet<>(roles);
        more.add(role);
        return new User(name, passwordHash, noPassword, List.copyOf(more));
    }

    User withoutRole(String role) {
        return new User(
                name,
                passwordHash,
                noPassword,
                roles.stream().filter(other -> !other.equals(role)).toList());
    }

    /** Without the hash, which belongs into no log. */
    @Override
    public String toString() {
        return "User[name=" + name + ", noPassword=" + noPassword + ", roles=" + roles + "]";
    }
}
