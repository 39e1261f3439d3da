package io.skerry.fleet.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes that happen together, if and only if all guards hold.
 *
 * @param guards what the writer knew when it decided
 * @param writes in order, no key twice
 */
public record StoreTxn(List<Guard> guards, List<Write> writes) {
    /** Keeps its own copies; refuses a key written twice, as the store would. */
    public StoreTxn {
        guards = List.copyOf(Set.copyOf(guards));
        writes = List.copyOf(writes);
        if (writes.stream().map(Write::key).distinct().count() != writes.size()) {
            throw new IllegalArgumentException("a key is written twice: " + writes);
        }
    }

    /**
     * All of them as one; what several write alike, such as the file they share, is written once.
     */
    public static StoreTxn together(Collection<StoreTxn> txns) {
        List<Guard> guards = new ArrayList<>();
        Set<Write> writes = new LinkedHashSet<>();
        for (StoreTxn txn : txns) {
            guards.addAll(txn.guards());
            writes.addAll(txn.writes());
        }
        return new StoreTxn(guards, List.copyOf(writes));
    }

    /** What must be so for the writes to happen. */
    public sealed interface Guard {
        /** The key looked at. */
        String key();

        /** The key was last changed at that revision; 0: it does not exist. */
        record ModifiedAt(String key, long revision) implements Guard {}

        /** The key was created at that revision and not deleted since. */
        record CreatedAt(String key, long revision) implements Guard {}
    }

    /** One change. */
    public sealed interface Write {
        /** The key changed. */
        String key();

        /** Creates the key or replaces its value; it lasts until deleted. */
        record Put(String key, String value) implements Write {}

        /** As {@link Put}, but the key goes with the writer's own lease. */
        record PutLeased(String key, String value) implements Write {}

        /** Deletes the key, if it exists. */
        record Delete(String key) implements Write {}
    }
}
