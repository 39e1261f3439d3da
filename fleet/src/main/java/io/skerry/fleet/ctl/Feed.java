package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What there is in the cluster, and then what changes. Used by one thread. */
interface Feed extends AutoCloseable {
    /** A feed tells every ten seconds that it lives. */
    Duration SILENCE = Duration.ofSeconds(25);

    /** The next event, or null when none comes in time. */
    @Nullable WatchEvent next(Duration wait) throws CtlException, IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
