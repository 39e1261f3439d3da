package io.skerry.chaos.workload;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event.EventType;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.WatchLog;
import io.skerry.etcd.client.EtcdMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream with one watch, whose every response is written down. Used by one thread. */
public final class WatchStream implements AutoCloseable {
    private static final ByteString ALL = ByteString.copyFrom(new byte[] {0});

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private final List<WatchLog.Response> responses = new ArrayList<>();
    private final GrpcOutbound out;
    private long next;
    private boolean over;

    private record Item(@Nullable WatchResponse response) {}

    /**
     * Begins to watch.
     *
     * @param prefix ends with a slash; empty: all keys
     */
    public WatchStream(GrpcTransport member, String prefix, long startRevision) {
        this.next = startRevision;
        this.out =
                member.stream(
                        EtcdMethods.WATCH,
                        new GrpcInbound<WatchResponse>() {
                            @Override
                            public void message(WatchResponse message) {
                                items.add(new Item(message));
                            }

                            @Override
                            public void halfClosed() {}

                            @Override
                            public void closed(@Nullable GrpcException reason) {
                                items.add(new Item(null));
                            }
                        });
        var create =
                WatchCreateRequest.newBuilder()
                        .setKey(prefix.isEmpty() ? ALL : ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(prefix.isEmpty() ? ALL : Messages.end(prefix))
                        .setStartRevision(startRevision);
        send(WatchRequest.newBuilder().setCreateRequest(create).build());
    }

    /** Asks how far the watch has told. */
    public void askForProgress() {
        send(
                WatchRequest.newBuilder()
                        .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                        .build());
    }

    private void send(WatchRequest request) {
        out.send(request.toByteString());
    }

    /** Takes the next response; false when the stream is {@link #over} or none came in time. */
    public boolean take(long millis) throws InterruptedException {
        Item item = items.poll(millis, TimeUnit.MILLISECONDS);
        if (item == null) {
            return false;
        }
        WatchResponse response = item.response();
        if (response == null || response.getCanceled()) {
            over = true;
            return false;
        }
        if (response.getCreated()) {
            return true;
        }
        long revision = response.getHeader().getRevision();
        var events = response.getEventsList().stream().map(WatchStream::event).toList();
        responses.add(new WatchLog.Response(revision, events));
        long told = events.isEmpty() ? revision : events.getLast().revision();
        next = Math.max(next, told + 1);
        return true;
    }

    private static Event event(io.etcd.jetcd.api.Event event) {
        var kv = event.getKv();
        boolean deleted = event.getType() == EventType.DELETE;
        return new Event(
                kv.getModRevision(),
                kv.getKey().toStringUtf8(),
                deleted ? Optional.empty() : Optional.of(kv.getValue().toStringUtf8()),
                deleted ? 0 : kv.getCreateRevision());
    }

    /** Whether the stream was seen to end, or its watch to be cancelled: nothing comes any more. */
    public boolean over() {
        return over;
    }

    /** The first revision of which nothing was told yet. */
    public long next() {
        return next;
    }

    public List<WatchLog.Response> responses() {
        return responses;
    }

    @Override
    public void close() {
        out.fail(new GrpcException(GrpcCode.CANCELLED, "seen enough"));
    }
}
