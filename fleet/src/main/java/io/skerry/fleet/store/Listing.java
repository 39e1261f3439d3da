package io.skerry.fleet.store;

import java.util.List;

/** The entries of a key range, by key, as they were at a revision. */
public record Listing(long revision, List<Entry> entries) {
    /** Keeps its own copy. */
    public Listing {
        entries = List.copyOf(entries);
    }
}
