package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.store.RegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * {@code GET /watch}: what there is and then what changes, one JSON object a line. Requests that
 * change units are answered with the same when they ask for it.
 */
final class WatchRoute {
    /** The parameter of a request for a change which asks that the feed be its answer. */
    static final String ASKED_FOR = "watch";

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int MAX_NAMES = 1000;

    private final ClusterFeed feed;

    WatchRoute(ClusterFeed feed) {
        this.feed = feed;
    }

    void addTo(Routes routes) {
        routes.get("/watch", this::watch);
    }

    private HttpReply watch(HttpCall call) throws HttpError, RegistryException {
        List<String> names = new Query(call, "unitName").all("unitName");
        if (names.size() > MAX_NAMES) {
            throw new HttpError(
                    400,
                    names.size() + " unitName parameters; at most " + MAX_NAMES + " are allowed");
        }
        return reply(names);
    }

    /**
     * The feed of units from now on; every change that is stored by now is in what it tells first.
     *
     * @param names of the units; none: all
     */
    HttpReply reply(Collection<String> names) throws RegistryException {
        var chosen = new HashSet<>(names);
        Predicate<String> wanted = name -> chosen.isEmpty() || chosen.contains(name);
        long revision = feed.revision();
        return HttpReply.stream(
                200,
                "application/x-ndjson",
                sink -> {
                    try (var watcher = feed.watch(revision)) {
                        follow(watcher, wanted, sink);
                    }
                });
    }

    private void follow(
            ClusterFeed.Watcher watcher, Predicate<String> wanted, HttpReply.BodySink sink)
            throws IOException, InterruptedException {
        var reading = Thread.currentThread();
        sink.onClose(reading::interrupt);
        boolean first = true;
        while (!feed.closed()) {
            FeedView older = watcher.seen();
            FeedView newer = watcher.next(SILENCE);
            var lines = new ByteArrayOutputStream();
            if (newer == null) {
                lines.writeBytes(JsonWriter.event(new WatchEvent.Alive()));
            } else {
                for (WatchEvent event : newer.since(older, wanted)) {
                    lines.writeBytes(JsonWriter.event(event));
                }
                if (first) {
                    lines.writeBytes(JsonWriter.event(new WatchEvent.Synced()));
                    first = false;
                }
            }
            if (lines.size() > 0) {
                sink.write(lines.toByteArray());
            }
        }
    }
}
