package io.skerry.node.cli;

/** A command could not do its work; the message is the one line its user reads. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what went wrong, with which value, and what to do. */
    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
