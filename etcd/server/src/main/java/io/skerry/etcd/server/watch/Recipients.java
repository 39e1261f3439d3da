package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * Watchers of one cohort that are told the same, with the fields that name them in responses.
 *
 * @param ids in the order of the watchers
 * @param latest all of them want what happens from this revision on
 */
record Recipients(List<Watcher> watchers, List<ByteString> ids, long latest) {
    static Recipients of(List<Watcher> watchers) {
        var ids = new ArrayList<ByteString>(watchers.size());
        long latest = 0;
        for (var watcher : watchers) {
            ids.add(watcher.encodedId());
            latest = Math.max(latest, watcher.next());
        }
        return new Recipients(watchers, List.copyOf(ids), latest);
    }

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    int size() {
        return watchers.size();
    }

    Watcher first() {
        return watchers.getFirst();
    }

    /** So many of them from one on. */
    Recipients part(int from, int to) {
        return from == 0 && to == size()
                ? this
                : new Recipients(watchers.subList(from, to), ids.subList(from, to), latest);
    }
}
