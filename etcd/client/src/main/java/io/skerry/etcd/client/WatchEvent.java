package io.skerry.etcd.client;

import io.etcd.jetcd.api.Event;
import org.jspecify.annotations.Nullable;

/** A change of one key. */
public sealed interface WatchEvent {
    String key();

    /** The revision of the change. */
    long revision();

    /** What was there before; null if nothing was or previous values were not asked for. */
    @Nullable KeyValue previous();

    record Put(KeyValue now, @Nullable KeyValue previous) implements WatchEvent {
        @Override
        public String key() {
            return now.key();
        }

        @Override
        public long revision() {
            return now.modRevision();
        }
    }

    record Deleted(String key, long revision, @Nullable KeyValue previous) implements WatchEvent {}

    static WatchEvent of(Event event) {
        KeyValue kv = KeyValue.of(event.getKv());
        KeyValue previous = event.hasPrevKv() ? KeyValue.of(event.getPrevKv()) : null;
        return event.getType() == Event.EventType.DELETE
                ? new Deleted(kv.key(), kv.modRevision(), previous)
                : new Put(kv, previous);
    }
}
