package io.skerry.flannel.subnet;

/** The store cannot be reached, or refuses what it was asked; trying later may help. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
