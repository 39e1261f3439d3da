package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;

/** A change of users, roles or of whether they matter, as it stands in the log. */
public sealed interface AuthChange {
    record Enable() implements AuthChange {}

    record Disable() implements AuthChange {}

    /**
     * A new user, without roles.
     *
     * @param passwordHash bcrypt's; empty if the user has no password
     */
    record AddUser(String name, String passwordHash, boolean noPassword) implements AuthChange {
        @Override
        public String toString() {
            return "AddUser[name=" + name + ", noPassword=" + noPassword + "]";
        }
    }

    record DeleteUser(String name) implements AuthChange {}

    record ChangePassword(String name, String passwordHash) implements AuthChange {
        @Override
        public String toString() {
            return "ChangePassword[name=" + name + "]";
        }
    }

    record GrantRole(String user, String role) implements AuthChange {}

    record RevokeRole(String user, String role) implements AuthChange {}

    record AddRole(String name) implements AuthChange {}

    record DeleteRole(String name) implements AuthChange {}

    record GrantPermission(String role, Permission permission) implements AuthChange {}

    record RevokePermission(String role, ByteString key, ByteString rangeEnd)
            implements AuthChange {}
}
