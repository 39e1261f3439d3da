package io.skerry.node;

import io.skerry.etcd.server.api.v2.Projection;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.OriginalLayout;
import java.util.List;

/** fleet's keys for clients of v2 that read them as the original wrote them. */
public final class FleetProjection implements Projection {
    private static final OriginalLayout LAYOUT = new OriginalLayout(new Keys(Keys.DEFAULT_PREFIX));

    @Override
    public String directory() {
        return LAYOUT.directory();
    }

    @Override
    public List<String> prefixes(String path) {
        return LAYOUT.prefixes(path);
    }

    @Override
    public List<Item> files(List<Item> keys) {
        return LAYOUT
                .files(
                        keys.stream()
                                .map(k ->
                                        new Entry(
                                                k.path(),
                                                k.value(),
                                                k.createdAt(),
                                                k.modifiedAt(),
                                                0))
                                .toList())
                .stream()
                .map(e -> new Item(e.key(), e.value(), e.createRevision(), e.modRevision()))
                .toList();
    }
}
