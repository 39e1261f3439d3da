package io.skerry.fleet.store;

/** The store could not be asked, did not answer in time, or holds what cannot be read. */
public final class RegistryException extends Exception {
    private static final long serialVersionUID = 1L;

    /** An error in words for users. */
    public RegistryException(String message) {
        super(message);
    }

    /** An error with its cause. */
    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
