package io.skerry.etcd.server.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the store should be, kept the simplest way: a whole copy of all keys for each revision. */
final class NaiveStore {
    record Row(String key, String value, long created, long modified, long version, long lease) {}

    record Happening(long revision, String key, @Nullable Row now, @Nullable Row before) {}

    final List<TreeMap<String, Row>> states = new ArrayList<>();
    final List<Happening> happenings = new ArrayList<>();
    final Map<Long, TreeSet<String>> leases = new HashMap<>();
    long compacted;

    NaiveStore() {
        states.add(new TreeMap<>());
        states.add(new TreeMap<>());
    }

    long revision() {
        return states.size() - 1L;
    }

    SortedMap<String, Row> now() {
        return states.getLast();
    }

    SortedMap<String, Row> at(long revision, String from, @Nullable String to) {
        var state = states.get((int) revision);
        return to == null ? state.tailMap(from) : state.subMap(from, to);
    }

    /** Keys to put (value, lease) and to delete (null), all at the next revision. */
    void write(Map<String, @Nullable Row> writes) {
        var next = new TreeMap<>(now());
        long revision = revision() + 1;
        writes.forEach((key, wanted) -> {
            var before = next.get(key);
            if (wanted == null) {
                if (before != null) {
                    next.remove(key);
                    detach(before);
                    happenings.add(new Happening(revision, key, null, before));
                }
                return;
            }
            var row =
                    new Row(
                            key,
                            wanted.value(),
                            before == null ? revision : before.created(),
                            revision,
                            before == null ? 1 : before.version() + 1,
                            wanted.lease());
            if (before != null) {
                detach(before);
            }
            var attached = leases.get(row.lease());
            if (attached != null) {
                attached.add(key);
            }
            next.put(key, row);
            happenings.add(new Happening(revision, key, row, before));
        });
        if (!happenings.isEmpty() && happenings.getLast().revision() == revision) {
            states.add(next);
        }
    }

    Set<String> keysOf(long lease) {
        var keys = leases.get(lease);
        return keys == null ? Set.of() : keys;
    }

    private void detach(Row row) {
        var keys = leases.get(row.lease());
        if (keys != null) {
            keys.remove(row.key());
        }
    }
}
