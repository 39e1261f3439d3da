package io.skerry.etcd.server.consensus;

/** Who leads, as far as this member has applied the log. */
sealed interface Leadership {
    long term();

    /** The leader's id, as the member {@code self} sees it; 0 for none. */
    default long leaderId(long self) {
        return switch (this) {
            case Own _ -> self;
            case Other other -> other.memberId();
            case Nobody _ -> 0;
        };
    }

    /** This member. */
    record Own(long term) implements Leadership {}

    /** Another member. */
    record Other(long term, long memberId) implements Leadership {}

    /** Nobody that this member knows of. */
    record Nobody(long term) implements Leadership {}
}
