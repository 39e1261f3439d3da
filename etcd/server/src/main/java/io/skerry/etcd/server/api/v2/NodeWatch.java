package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.NodePath;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** One watch: takes its events from the hub, gives them to the thread that serves the client. */
final class NodeWatch {
    /** As many as the history has: one who is later than that cannot go on anyway. */
    private static final int MAX_WAITING = 1000;

    private final NodePath path;
    private final boolean recursive;
    private final long since;
    private final LinkedBlockingQueue<Optional<Event>> waiting = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    NodeWatch(NodePath path, boolean recursive, long since) {
        this.path = path;
        this.recursive = recursive;
        this.since = since;
    }

    NodePath path() {
        return path;
    }

    /** Offers an event in order; called under the hub's lock. */
    void offer(Event event) {
        if (!ended
                && Long.compareUnsigned(event.index(), since) >= 0
                && event.concerns(path, recursive)) {
            if (waiting.size() >= MAX_WAITING) {
                end();
            } else {
                waiting.add(Optional.of(event));
            }
        }
    }

    /** No more events come: the client must ask anew, with the index that it has come to. */
    void end() {
        ended = true;
        waiting.add(Optional.empty());
    }

    /** Waits for the next event; null when none comes any more. */
    @Nullable Event next() throws InterruptedException {
        return waiting.take().orElse(null);
    }
}
