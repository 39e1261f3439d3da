package io.skerry.testbed.hosts;

import java.io.IOException;

/** Something the user has to know: one sentence of what is wrong and one of what to do. */
public final class PlaygroundException extends IOException {
    private static final long serialVersionUID = 1L;

    public PlaygroundException(String message) {
        super(message);
    }

    public PlaygroundException(String message, Throwable cause) {
        super(message, cause);
    }
}
