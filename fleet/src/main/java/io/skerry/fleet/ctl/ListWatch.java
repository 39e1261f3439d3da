package io.skerry.fleet.ctl;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Prints a list as the feed tells it, and then each row that is added, has changed or was removed,
 * until nobody reads any more. A reconnect is not seen: only what differs then is printed.
 */
final class ListWatch implements FeedFollower.Onlooker {
    /** What became of a row. */
    enum Change {
        ADDED("added"),
        CHANGED("changed"),
        REMOVED("removed");

        private final String word;

        Change(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final Function<ClusterMirror, SortedMap<String, String>> list;
    private final BiFunction<Change, String, String> line;
    private final PrintWriter out;
    private SortedMap<String, String> shown = new TreeMap<>();

    /**
     * Nothing is printed yet.
     *
     * @param list the rows by what tells them apart, each as text that changes when there is
     *     something to tell
     * @param line what is printed of a row, with its line's end
     */
    ListWatch(
            Function<ClusterMirror, SortedMap<String, String>> list,
            BiFunction<Change, String, String> line,
            PrintWriter out) {
        this.list = list;
        this.line = line;
        this.out = out;
    }

    @Override
    public Collection<String> units() {
        return List.of();
    }

    @Override
    public boolean content() {
        return out.checkError();
    }

    @Override
    public @Nullable Duration nextLook() {
        return null;
    }

    @Override
    public void look(ClusterMirror seen) {
        if (!seen.synced()) {
            return;
        }
        SortedMap<String, String> rows = list.apply(seen);
        shown.forEach((key, row) -> {
            if (!rows.containsKey(key)) {
                out.print(line.apply(Change.REMOVED, row));
            }
        });
        rows.forEach((key, row) -> {
            String before = shown.get(key);
            if (!row.equals(before)) {
                out.print(line.apply(before == null ? Change.ADDED : Change.CHANGED, row));
            }
        });
        shown = rows;
        out.flush();
    }
}
