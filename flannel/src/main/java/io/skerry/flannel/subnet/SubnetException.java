package io.skerry.flannel.subnet;

/** A host cannot have a subnet as things are; the message says why and what to do. */
public final class SubnetException extends Exception {
    private static final long serialVersionUID = 1L;

    SubnetException(String message) {
        super(message);
    }

    SubnetException(String message, Throwable cause) {
        super(message, cause);
    }
}
