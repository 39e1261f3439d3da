package io.skerry.etcd.server.consensus;

/** Who leads, as far as this member has applied the log. */
sealed interface Leadership {
    long term();

    /** When this member learned of it, as {@link System#nanoTime} says. */
    long sinceNanos();

    /** The leader's id, as the member {@code self} sees it; 0 for none. */
    default long leaderId(long self) {
        return switch (this) {
            case Own _ -> self;
            case Other other -> other.memberId();
            case Nobody _ -> 0;
        };
    }

    /** This member. */
    record Own(long term, long sinceNanos) implements Leadership {
        Own(long term) {
            this(term, System.nanoTime());
        }
    }

    /** Another member. */
    record Other(long term, long memberId, long sinceNanos) implements Leadership {
        Other(long term, long memberId) {
            this(term, memberId, System.nanoTime());
        }
    }

    /** Nobody that this member knows of. */
    record Nobody(long term, long sinceNanos) implements Leadership {
        Nobody(long term) {
            this(term, System.nanoTime());
        }
    }
}
