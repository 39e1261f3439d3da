package io.skerry.fleet.conf;

/** An option that cannot be used; the message says where it stands and what is allowed. */
public final class ConfException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfException(String message) {
        super(message);
    }
}
