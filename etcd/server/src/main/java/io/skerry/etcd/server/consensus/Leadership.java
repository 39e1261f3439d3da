package io.skerry.etcd.server.consensus;

/** Who leads, as far as this member has applied the log. */
sealed interface Leadership {
    long term();

    /** This member. */
    record Own(long term) implements Leadership {}

    /** Another member. */
    record Other(long term, long memberId) implements Leadership {}

    /** Nobody that this member knows of. */
    record Nobody(long term) implements Leadership {}
}
