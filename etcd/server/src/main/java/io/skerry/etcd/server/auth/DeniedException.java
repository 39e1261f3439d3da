package io.skerry.etcd.server.auth;

/** A call is refused; nothing was changed. Has no stack trace: it is an answer, not a fault. */
public final class DeniedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Denial denial;

    public DeniedException(Denial denial) {
        super(denial.message(), null, false, false);
        this.denial = denial;
    }

    public Denial denial() {
        return denial;
    }
}
