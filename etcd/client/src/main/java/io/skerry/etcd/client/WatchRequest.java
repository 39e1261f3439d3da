package io.skerry.etcd.client;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.WatchCreateRequest;
import org.jspecify.annotations.Nullable;

/**
 * What to watch.
 *
 * @param key a key, or what keys begin with (an empty prefix: all keys), or where a range starts
 * @param rangeEnd the first key behind the range; null when it is none
 * @param fromRevision the first revision of interest; 0: what changes from now on
 * @param previousValues whether events tell what was there before
 */
public record WatchRequest(
        String key,
        boolean prefix,
        @Nullable String rangeEnd,
        long fromRevision,
        boolean previousValues) {
    private static final int FRAGMENT = 8;

    public static WatchRequest key(String key) {
        return new WatchRequest(key, false, null, 0, false);
    }

    public static WatchRequest prefix(String prefix) {
        return new WatchRequest(prefix, true, null, 0, false);
    }

    /** All keys from {@code start} to before {@code end}. */
    public static WatchRequest range(String start, String end) {
        return new WatchRequest(start, false, end, 0, false);
    }

    public WatchRequest from(long revision) {
        return new WatchRequest(key, prefix, rangeEnd, revision, previousValues);
    }

    public WatchRequest withPreviousValues() {
        return new WatchRequest(key, prefix, rangeEnd, fromRevision, true);
    }

    /** The message that creates the watch, starting at a revision. */
    io.etcd.jetcd.api.WatchRequest toProto(long startRevision) {
        var create =
                WatchCreateRequest.newBuilder()
                        .setKey(prefix ? Keys.prefixStart(key) : Keys.of(key))
                        .setStartRevision(startRevision)
                        .setProgressNotify(true)
                        .setPrevKv(previousValues)
                        // Large answers may come in parts; the published classes lack this field.
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                FRAGMENT,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build());
        if (rangeEnd != null) {
            create.setRangeEnd(Keys.of(rangeEnd));
        }
        if (prefix) {
            create.setRangeEnd(Keys.prefixEnd(key));
        }
        return io.etcd.jetcd.api.WatchRequest.newBuilder().setCreateRequest(create).build();
    }
}
