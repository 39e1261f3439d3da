package io.skerry.etcd.server.auth;

/**
 * On whose behalf something is done, as it was established when the call came in.
 *
 * @param name of the user; empty if there is none
 * @param revision of the auth state under which the user was authenticated; 0 if there is no user.
 *     A check against a newer state refuses the caller, since what it was told may hold no longer
 */
public record Caller(String name, long revision) {
    /** Nobody who told a name: all there is while authentication is disabled. */
    public static final Caller NOBODY = new Caller("", 0);

    /** The store itself, for what it decides on its own; no call can come to be it. */
    public static final Caller STORE = new Caller("", -1);

    /** Whether a user was authenticated. */
    public boolean known() {
        return revision != 0;
    }
}
