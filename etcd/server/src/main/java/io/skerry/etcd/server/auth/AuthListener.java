package io.skerry.etcd.server.auth;

/**
 * Hears what the log did to those who are logged in, on the thread that applies it: must return
 * fast, never block and never throw.
 */
public interface AuthListener {
    /** A token was given to a user. */
    void tokenAssigned(String user, String token);

    /** A user was deleted or has another password. */
    void userChanged(String user);

    /** Nobody is logged in any more: authentication was disabled, or the state replaced. */
    void allLoggedOut();
}
