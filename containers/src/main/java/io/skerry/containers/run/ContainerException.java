package io.skerry.containers.run;

/** A container cannot be what is asked for; one sentence that says what is allowed. */
public final class ContainerException extends Exception {
    private static final long serialVersionUID = 1L;

    public ContainerException(String message) {
        super(message);
    }

    public ContainerException(String message, Throwable cause) {
        super(message, cause);
    }
}
