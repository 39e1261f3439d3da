package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.WatchResponse;
import java.io.IOException;
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
    private static final int WATCH_ID = 2;
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

    /**
     * One response with all events, or several if fragments are wanted and it would be too large.
     */
    List<ByteString> events(
            long revision, long watchId, List<ByteString> elements, boolean fragments) {
        var prefix = prefix(revision, watchId);
        if (!fragments || size(elements) <= MAX_FRAGMENT_BYTES) {
            return List.of(prefix.concat(join(elements)));
        }
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

    private static WatchResponse.Builder fragment(WatchResponse.Builder builder) {
        return builder.setUnknownFields(
                UnknownFieldSet.newBuilder()
                        .addField(FRAGMENT, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build());
    }

    private static ByteString join(List<ByteString> elements) {
        return elements.size() == 1 ? elements.getFirst() : ByteString.copyFrom(elements);
    }

    private static int size(List<ByteString> elements) {
        return elements.stream().mapToInt(ByteString::size).sum();
    }

    /** What {@link #encode} makes of a watch's number, for the many alike of one revision. */
    private ByteString prefix(long revision, long watchId) {
        if (header == null || revision != headerRevision) {
            header = taggedHeader(revision);
            headerRevision = revision;
        }
        if (watchId == 0) {
            return header;
        }
        int size = header.size();
        var bytes = new byte[size + CodedOutputStream.computeInt64Size(WATCH_ID, watchId)];
        header.copyTo(bytes, 0);
        var out = CodedOutputStream.newInstance(bytes, size, bytes.length - size);
        try {
            out.writeInt64(WATCH_ID, watchId);
        } catch (IOException e) {
            throw new IllegalStateException("a watch's number does not fit its computed size", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private ByteString encode(long revision, WatchResponse.Builder rest) {
        return taggedHeader(revision).concat(rest.build().toByteString());
    }

    private ByteString taggedHeader(long revision) {
        var plain = headers.apply(revision);
        return ByteString.copyFrom(new byte[] {HEADER << 3 | 2, (byte) plain.size()}).concat(plain);
    }
}
