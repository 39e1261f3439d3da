package io.skerry.bench.load;

import java.io.IOException;

/** A server refused a call or broke the connection off. */
public final class CallException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says which server and what it did. */
    public CallException(String message) {
        super(message);
    }
}
