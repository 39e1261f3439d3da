package io.skerry.etcd.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client with two watches of the same on one stream, which resumes each where it stopped, and
 * holds all that it is told against what has happened. It takes responses as fast as it is let, and
 * is not ready while too many wait.
 */
final class SimulatedWatcher {
    private static final int MOST_WAITING = 3;

    /** Of the answer to a request for progress. */
    private static final long EVERY_WATCH = -1;

    private static final WatchOptions OPTIONS = new WatchOptions(false, false, false, true, false);

    private final KeyRange range;
    private final List<Change> happened;
    private @Nullable Connection connection;

    /** First revision of which nothing was told yet, for each of the two watches. */
    private final long[] next = {1, 1};

    /** How often it was told something: a simulation in which nothing happens proves nothing. */
    private int told;

    private int bookmarks;
    private int compacted;

    /**
     * @param happened all changes in order; grows
     */
    SimulatedWatcher(KeyRange range, List<Change> happened) {
        this.range = range;
        this.happened = happened;
    }

    int told() {
        return told;
    }

    int bookmarks() {
        return bookmarks;
    }

    int compacted() {
        return compacted;
    }

    /** Leaves the stream, if there is one, and goes on with a new one. */
    void resume(WatchHub hub) {
        if (connection != null) {
            connection.stream.close();
        }
        connection = new Connection(hub);
        for (long from : next) {
            connection.stream.create(range, 0, from, OPTIONS);
        }
    }

    void askForProgress() {
        if (connection != null) {
            connection.stream.requestProgress();
        }
    }

    /** Takes so many of the responses that wait. */
    void take(int most, WatchHub hub) {
        var from = connection;
        for (int i = 0; i < most && from == connection && from != null; i++) {
            var response = from.waiting.poll();
            if (response == null) {
                break;
            }
            if (judge(response)) {
                resume(hub);
            }
        }
        if (from == connection && from != null) {
            from.tellReady();
        }
    }

    /** Whether no response waits. */
    boolean idle() {
        return connection == null || connection.waiting.isEmpty();
    }

    /** Whether all that has happened was told. */
    boolean complete() {
        return due(0).isEmpty() && due(1).isEmpty();
    }

    private List<Change> due(int watch) {
        return happened.stream()
                .filter(change -> change.revision() >= next[watch] && range.contains(change.key()))
                .toList();
    }

    /** True if a watch is over and is to be resumed. */
    private boolean judge(WatchResponse response) {
        if (response.getWatchId() == EVERY_WATCH) {
            for (int watch = 0; watch < next.length; watch++) {
                judge(response, watch);
            }
            return false;
        }
        return judge(response, (int) response.getWatchId());
    }

    private boolean judge(WatchResponse response, int watch) {
        if (response.getCanceled()) {
            assertThat(response.getCompactRevision())
                    .as("was compacted")
                    .isGreaterThan(next[watch]);
            next[watch] = response.getCompactRevision();
            compacted++;
            return true;
        }
        if (response.getCreated()) {
            return false;
        }
        var due = due(watch);
        var events = response.getEventsList();
        long header = response.getHeader().getRevision();
        if (events.isEmpty()) {
            // Bookmarkable: nothing up to there is still to come.
            assertThat(due.stream().filter(change -> change.revision() <= header).toList())
                    .isEmpty();
            next[watch] = Math.max(next[watch], header + 1);
            bookmarks++;
            return false;
        }
        // Ordered, unique, reliable, resumable: what is due, without a gap, from its beginning.
        assertThat(events.stream().map(SimulatedWatcher::text).toList())
                .isEqualTo(due.stream().limit(events.size()).map(SimulatedWatcher::text).toList());
        long last = events.getLast().getKv().getModRevision();
        assertThat(header).isGreaterThanOrEqualTo(last);
        // Atomic: no revision in parts.
        if (due.size() > events.size()) {
            assertThat(due.get(events.size()).revision()).isGreaterThan(last);
        }
        next[watch] = last + 1;
        told++;
        return false;
    }

    private static String text(Event event) {
        return event.getKv().getModRevision()
                + " "
                + event.getKv().getKey().toStringUtf8()
                + " "
                + (event.getType() == Event.EventType.DELETE
                        ? "deleted"
                        : event.getKv().getValue().toStringUtf8());
    }

    private static String text(Change change) {
        var now = change.now();
        return change.revision()
                + " "
                + ByteString.copyFrom(change.key()).toStringUtf8()
                + " "
                + (now == null ? "deleted" : ByteString.copyFrom(now.value()).toStringUtf8());
    }

    /** The client's end of one stream. */
    private static final class Connection implements GrpcOutbound {
        private final ArrayDeque<WatchResponse> waiting = new ArrayDeque<>();
        private final WatchStream stream;
        private Runnable whenReady = () -> {};
        private boolean owed;

        Connection(WatchHub hub) {
            this.stream = hub.open(this);
        }

        @Override
        public void send(ByteString encodedMessage) {
            try {
                waiting.add(WatchResponse.parseFrom(encodedMessage));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("not a watch response", e);
            }
        }

        @Override
        public boolean ready() {
            boolean ready = waiting.size() < MOST_WAITING;
            owed |= !ready;
            return ready;
        }

        void tellReady() {
            if (owed && waiting.size() < MOST_WAITING) {
                owed = false;
                whenReady.run();
            }
        }

        @Override
        public void onReady(Runnable whenBelowMark) {
            whenReady = whenBelowMark;
        }

        @Override
        public void complete() {}

        @Override
        public void fail(GrpcException reason) {
            throw new AssertionError("the stream failed", reason);
        }
    }
}
