package io.skerry.etcd.client;

import io.etcd.jetcd.api.RangeResponse;
import java.util.List;
import java.util.Optional;

/**
 * What a read found.
 *
 * @param entries in the order of their keys
 * @param revision the store's revision when it was read: a watch from {@code revision + 1} sees all
 *     that came after
 */
public record Listing(List<KeyValue> entries, long revision) {
    public Listing {
        entries = List.copyOf(entries);
    }

    public Optional<KeyValue> first() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst());
    }

    static Listing of(RangeResponse response, long revision) {
        return new Listing(response.getKvsList().stream().map(KeyValue::of).toList(), revision);
    }
}
