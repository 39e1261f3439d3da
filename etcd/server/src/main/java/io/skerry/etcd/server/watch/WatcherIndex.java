package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the cohorts that want a change: those of one key by hash, those of ranges one by one. A
 * cohort is here while one of its watchers is up to date.
 */
final class WatcherIndex {
    private final Map<ByteString, Set<Cohort>> ofOneKey = new HashMap<>();
    private final Set<Cohort> ofRanges = new LinkedHashSet<>();

    void add(Watcher watcher) {
        var cohort = watcher.cohort();
        if (cohort.join(watcher)) {
            if (cohort.range().single()) {
                ofOneKey.computeIfAbsent(key(cohort), _ -> new LinkedHashSet<>()).add(cohort);
            } else {
                ofRanges.add(cohort);
            }
        }
    }

    void remove(Watcher watcher) {
        var cohort = watcher.cohort();
        if (cohort.part(watcher)) {
            if (cohort.range().single()) {
                ofOneKey.computeIfPresent(
                        key(cohort),
                        (_, cohorts) -> {
                            cohorts.remove(cohort);
                            return cohorts.isEmpty() ? null : cohorts;
                        });
            } else {
                ofRanges.remove(cohort);
            }
        }
    }

    boolean isEmpty() {
        return ofOneKey.isEmpty() && ofRanges.isEmpty();
    }

    /** Those that may want what happens to this key. */
    void forEachOf(byte[] key, Consumer<Cohort> consumer) {
        if (!ofOneKey.isEmpty()) {
            ofOneKey.getOrDefault(UnsafeByteOperations.unsafeWrap(key), Set.of()).forEach(consumer);
        }
        ofRanges.forEach(consumer);
    }

    void forEach(Consumer<Watcher> consumer) {
        ofOneKey.values()
                .forEach(cohorts ->
                        cohorts.forEach(cohort -> cohort.upToDate().watchers().forEach(consumer)));
        ofRanges.forEach(cohort -> cohort.upToDate().watchers().forEach(consumer));
    }

    private static ByteString key(Cohort cohort) {
        return UnsafeByteOperations.unsafeWrap(cohort.range().from());
    }
}
