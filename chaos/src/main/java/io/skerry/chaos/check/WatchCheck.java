package io.skerry.chaos.check;

import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.WatchLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether watches told what happened: in order, once, without a gap, all events of a revision in
 * one response, on from where a stream was resumed, and nothing at or below a revision after a
 * response without events had said that all up to it was told.
 */
public final class WatchCheck {
    private static final int EXCERPT = 5;

    private WatchCheck() {}

    /**
     * What the streams broke, at most one thing a stream.
     *
     * @param truth every event of the store in the order of revisions
     */
    public static List<Violation> of(List<Event> truth, List<WatchLog> logs) {
        var violations = new ArrayList<Violation>();
        for (WatchLog log : logs) {
            new Stream(truth, log, violations).judge();
        }
        return violations;
    }

    private static final class Stream {
        private final List<Event> due;
        private final WatchLog log;
        private final List<Violation> violations;
        private final HashSet<Event> told = new HashSet<>();
        private int next;
        private long bookmark;

        Stream(List<Event> truth, WatchLog log, List<Violation> violations) {
            this.log = log;
            this.violations = violations;
            this.due =
                    truth.stream()
                            .filter(e -> e.key().startsWith(log.prefix()))
                            .filter(e -> e.revision() >= log.startRevision())
                            .sorted(Comparator.comparingLong(Event::revision))
                            .toList();
        }

        void judge() {
            for (WatchLog.Response response : log.responses()) {
                boolean fine = response.progress() ? progress(response) : events(response);
                if (!fine) {
                    return;
                }
            }
        }

        private boolean progress(WatchLog.Response response) {
            bookmark = Math.max(bookmark, response.headerRevision());
            if (next < due.size() && due.get(next).revision() <= response.headerRevision()) {
                return broken(
                        "bookmarkable watch",
                        "it says that all up to revision "
                                + response.headerRevision()
                                + " was told, but not "
                                + due.get(next));
            }
            return true;
        }

        private boolean events(WatchLog.Response response) {
            var revisions = new TreeMap<Long, List<Event>>();
            long last = 0;
            for (Event event : response.events()) {
                if (event.revision() < last) {
                    return broken("ordered watch", event + " was told after revision " + last);
                }
                last = event.revision();
                revisions.computeIfAbsent(last, _ -> new ArrayList<>()).add(event);
                if (event.revision() < log.startRevision()) {
                    return broken("resumable watch", event + " lies before the start");
                }
                if (!told.add(event)) {
                    return broken("unique watch", event + " was told twice");
                }
                if (event.revision() <= bookmark) {
                    return broken(
                            "bookmarkable watch",
                            event + " was told after a bookmark at " + bookmark);
                }
            }
            for (Map.Entry<Long, List<Event>> revision : revisions.entrySet()) {
                if (!revision(revision.getKey(), revision.getValue())) {
                    return false;
                }
            }
            return true;
        }

        private boolean revision(long revision, List<Event> events) {
            if (next < due.size() && due.get(next).revision() < revision) {
                return broken("reliable watch", due.get(next) + " was never told");
            }
            var expected = new HashSet<Event>();
            while (next < due.size() && due.get(next).revision() == revision) {
                expected.add(due.get(next++));
            }
            if (expected.isEmpty()) {
                return broken(
                        next > 0 && due.get(next - 1).revision() >= revision
                                ? "ordered watch"
                                : "truthful watch",
                        events + " was told, but is not what the store has next");
            }
            if (!expected.equals(new HashSet<>(events))) {
                return broken(
                        expected.containsAll(events) ? "atomic watch" : "truthful watch",
                        "revision " + revision + " is " + expected + ", told was " + events);
            }
            return true;
        }

        private boolean broken(String promise, String what) {
            var lines = new ArrayList<String>();
            lines.add(
                    "watcher "
                            + log.watcher()
                            + " at "
                            + log.member()
                            + " from revision "
                            + log.startRevision());
            due.subList(Math.max(0, next - EXCERPT), Math.min(due.size(), next + EXCERPT))
                    .forEach(event -> lines.add("the store has " + event));
            violations.add(new Violation(promise, what, lines));
            return false;
        }
    }
}
