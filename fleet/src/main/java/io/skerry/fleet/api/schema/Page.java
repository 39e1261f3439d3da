package io.skerry.fleet.api.schema;

import java.util.List;

/**
 * A part of a list.
 *
 * @param nextToken where the next part begins; empty: this is the last
 */
public record Page<T>(List<T> items, String nextToken) {
    public Page {
        items = List.copyOf(items);
    }
}
