package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /**
     * Waits for the goals, telling as they are reached; gives how many were not.
     *
     * @param feed of the goals' units, as far as there is one already; it is closed
     */
    int await(Session session, List<Goal> goals, Optional<Response> feed)
            throws CtlException, IOException, InterruptedException {
        if (!goals.isEmpty()) {
            return new Waiter(session, goals, feed).await(limit());
        }
        if (feed.isPresent()) {
            feed.get().close();
        }
        return 0;
    }
}
