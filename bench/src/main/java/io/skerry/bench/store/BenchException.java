package io.skerry.bench.store;

/** A measurement could not be made; the message says why and what to do. */
public final class BenchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for users. */
    public BenchException(String message) {
        super(message);
    }
}
