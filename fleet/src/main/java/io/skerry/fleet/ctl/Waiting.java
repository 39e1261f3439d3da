package io.skerry.fleet.ctl;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of commands that wait until what they ask for has come about. */
final class Waiting {
    /** The original looked twice a second, and an attempt was one look. */
    private static final Duration ATTEMPT = Duration.ofMillis(500);

    @Option(names = "--no-block", description = "Do not wait until it is done.")
    private boolean noBlock;

    @Option(
            names = "--block-attempts",
            paramLabel = "N",
            description = "Wait for at most N half seconds; 0 (the default) waits for ever.")
    private int blockAttempts;

    boolean noBlock() {
        return noBlock;
    }

    void check() throws CtlException {
        if (blockAttempts < 0) {
            throw CtlException.usage("--block-attempts may not be negative: " + blockAttempts);
        }
    }

    /** How long to wait; null: for ever. */
    @Nullable Duration limit() {
        return blockAttempts == 0 ? null : ATTEMPT.multipliedBy(blockAttempts);
    }

    /** Waits for the goals, telling as they are reached; gives how many were not. */
    int await(Session session, List<Goal> goals)
            throws CtlException, IOException, InterruptedException {
        return goals.isEmpty() ? 0 : new Waiter(session, goals).await(limit());
    }
}
