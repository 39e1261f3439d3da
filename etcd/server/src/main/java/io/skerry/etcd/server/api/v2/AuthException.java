package io.skerry.etcd.server.api.v2;

/** A request about users or roles is refused; the message begins with {@code auth:}. */
final class AuthException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;

    AuthException(int httpStatus, String message) {
        super("auth: " + message, null, false, false);
        this.httpStatus = httpStatus;
    }

    int httpStatus() {
        return httpStatus;
    }
}
