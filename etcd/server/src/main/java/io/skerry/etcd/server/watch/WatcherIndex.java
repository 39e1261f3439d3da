package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the watchers of a key: those of one key by hash, those of ranges one by one. */
final class WatcherIndex {
    private final Map<ByteString, Set<Watcher>> ofOneKey = new HashMap<>();
    private final Set<Watcher> ofRanges = new LinkedHashSet<>();

    void add(Watcher watcher) {
        if (watcher.range().single()) {
            ofOneKey.computeIfAbsent(key(watcher), _ -> new LinkedHashSet<>()).add(watcher);
        } else {
            ofRanges.add(watcher);
        }
    }

    void remove(Watcher watcher) {
        if (watcher.range().single()) {
            ofOneKey.computeIfPresent(
                    key(watcher),
                    (_, watchers) -> {
                        watchers.remove(watcher);
                        return watchers.isEmpty() ? null : watchers;
                    });
        } else {
            ofRanges.remove(watcher);
        }
    }

    boolean isEmpty() {
        return ofOneKey.isEmpty() && ofRanges.isEmpty();
    }

    void forEachOf(byte[] key, Consumer<Watcher> consumer) {
        if (!ofOneKey.isEmpty()) {
            ofOneKey.getOrDefault(UnsafeByteOperations.unsafeWrap(key), Set.of()).forEach(consumer);
        }
        for (var watcher : ofRanges) {
            if (watcher.range().contains(key)) {
                consumer.accept(watcher);
            }
        }
    }

    void forEach(Consumer<Watcher> consumer) {
        ofOneKey.values().forEach(watchers -> watchers.forEach(consumer));
        ofRanges.forEach(consumer);
    }

    private static ByteString key(Watcher watcher) {
        return UnsafeByteOperations.unsafeWrap(watcher.range().from());
    }
}
