package io.skerry.etcd.server.consensus;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A note on disk that the state may be ahead of the log: it was taken from a peer, and the entries
 * up to it are still to come. A member that stops meanwhile can so be told from one that has lost
 * the end of its log.
 */
final class StateFetch {
    private static final Log LOG = Log.of(StateFetch.class);

    private final Path file;
    private volatile boolean noted;

    StateFetch(Path directory) {
        this.file = directory.resolve("state-ahead-of-log");
        this.noted = Files.exists(file);
    }

    /** Whether the state may be ahead of the log. */
    boolean noted() {
        return noted;
    }

    void begins() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "");
        noted = true;
    }

    /** The log has reached the state. */
    void over() {
        if (!noted) {
            return;
        }
        try {
            Files.deleteIfExists(file);
            noted = false;
        } catch (IOException e) {
            LOG.warn("a note cannot be removed", "file", file, "reason", e.getMessage());
        }
    }
}
