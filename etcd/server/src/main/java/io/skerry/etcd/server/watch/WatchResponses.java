package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Encodes watch responses; the header is made by whoever knows this member's identity. Used under
 * the hub's lock.
 */
final class WatchResponses {
    private static final int HEADER = 1;
    private static final int FRAGMENT = 7;
    private static final int MAX_FRAGMENT_BYTES = 1536 * 1024;

    private final LongFunction<ByteString> headers;

    /** The last one of events, with its tag. */
    private @Nullable ByteString header;

    private long headerRevision;

    /**
     * @param headers makes an encoded header for a revision; 0 leaves the revision out
     */
    WatchResponses(LongFunction<ByteString> headers) {
        this.headers = headers;
    }

    ByteString created(long revision, long watchId) {
        return encode(revision, WatchResponse.newBuilder().setWatchId(watchId).setCreated(true));
    }

    ByteString refused(long revision, String reason) {
        return encode(
                revision,
                WatchResponse.newBuilder()
                        .setWatchId(-1)
                        .setCreated(true)
                        .setCanceled(true)
                        .setCancelReason(reason));
    }

    ByteString canceled(long revision, long watchId) {
        return encode(revision, WatchResponse.newBuilder().setWatchId(watchId).setCanceled(true));
    }

    /** etcd leaves the revision out of this header. */
    ByteString compacted(long compactRevision, long watchId) {
        return encode(
                0,
                WatchResponse.newBuilder()
                        .setWatchId(watchId)
                        .setCanceled(true)
                        .setCompactRevision(compactRevision));
    }

    ByteString progress(long revision, long watchId) {
        return encode(revision, WatchResponse.newBuilder().setWatchId(watchId));
    }

    /** Whether so many events want to be told in several responses if a watch allows it. */
    static boolean large(ByteString events) {
        return events.size() > MAX_FRAGMENT_BYTES;
    }

    /** What all responses with events up to a revision begin with. */
    ByteString begin(long revision) {
        var last = header;
        if (last == null || revision != headerRevision) {
            last = taggedHeader(revision);
            header = last;
            headerRevision = revision;
        }
        return last;
    }

    /** The field that names a watch, which comes second. */
    static ByteString encodedId(long watchId) {
        return WatchResponse.newBuilder().setWatchId(watchId).build().toByteString();
    }

    /** Several responses to one watch, none of them too large, that hold these events together. */
    List<ByteString> fragments(long revision, long watchId, List<ByteString> elements) {
        var prefix = begin(revision).concat(encodedId(watchId));
        var more = encode(revision, fragment(WatchResponse.newBuilder().setWatchId(watchId)));
        var responses = new ArrayList<ByteString>();
        int from = 0;
        while (from < elements.size()) {
            int to = from + 1;
            int bytes = elements.get(from).size();
            while (to < elements.size() && bytes + elements.get(to).size() <= MAX_FRAGMENT_BYTES) {
                bytes += elements.get(to).size();
                to++;
            }
            var part = join(elements.subList(from, to));
            responses.add((to < elements.size() ? more : prefix).concat(part));
            from = to;
        }
        return responses;
    }

    /** The events, which come last in a response, one behind the other. */
    static ByteString join(List<ByteString> elements) {
        if (elements.size() == 1) {
            return elements.getFirst();
        }
        int size = 0;
        for (var element : elements) {
            size += element.size();
        }
        // Copied once: it is read for each of those who are told.
        var bytes = new byte[size];
        int at = 0;
        for (var element : elements) {
            element.copyTo(bytes, at);
            at += element.size();
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static WatchResponse.Builder fragment(WatchResponse.Builder builder) {
        return builder.setUnknownFields(
                UnknownFieldSet.newBuilder()
                        .addField(FRAGMENT, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build());
    }

    private ByteString encode(long revision, WatchResponse.Builder rest) {
        return taggedHeader(revision).concat(rest.build().toByteString());
    }

    private ByteString taggedHeader(long revision) {
        var plain = headers.apply(revision);
        return ByteString.copyFrom(new byte[] {HEADER << 3 | 2, (byte) plain.size()}).concat(plain);
    }
}
