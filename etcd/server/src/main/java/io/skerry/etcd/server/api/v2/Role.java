package io.skerry.etcd.server.api.v2;

import org.jspecify.annotations.Nullable;

/**
 * A role, or a request to change one.
 *
 * @param grant only in a request: what it gets
 * @param revoke only in a request: what it loses
 */
record Role(
        String role,
        Permissions permissions,
        @Nullable Permissions grant,
        @Nullable Permissions revoke) {
    static final String ROOT_NAME = "root";
    static final String GUEST_NAME = "guest";

    /** May do everything, and always exists. */
    static final Role ROOT = new Role(ROOT_NAME, Permissions.ALL, null, null);

    /** What those may do who do not say who they are, unless it is set otherwise. */
    static final Role GUEST = new Role(GUEST_NAME, Permissions.ALL, null, null);

    boolean changes() {
        return (grant != null && !grant.empty()) || (revoke != null && !revoke.empty());
    }

    Role changedBy(Role change) throws AuthException {
        return new Role(role, permissions.granted(change.grant).revoked(change.revoke), null, null);
    }

    boolean allows(String key, boolean writing, boolean recursive) {
        return role.equals(ROOT_NAME) || permissions.allow(key, writing, recursive);
    }
}
