package io.skerry.systemd.journal;

import org.jspecify.annotations.Nullable;

/** The journal could not be read; the message says why and, where one can, what to do. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A message for users, with the cause if there is one. */
    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
