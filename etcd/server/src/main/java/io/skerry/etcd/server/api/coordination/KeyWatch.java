package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.etcd.client.EtcdMethods;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A watch of one range whose events are taken one by one, by one thread. */
final class KeyWatch implements GrpcOutbound, AutoCloseable {
    /** Guards the two below and {@link #failure}. */
    private final Object lock = new Object();

    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private CompletableFuture<Void> news = new CompletableFuture<>();
    private @Nullable GrpcException failure;
    private @Nullable GrpcInbound<ByteString> stream;

    private KeyWatch() {}

    static KeyWatch open(
            RouterCalls calls,
            GrpcContext caller,
            ByteString key,
            ByteString rangeEnd,
            long fromRevision) {
        var watch = new KeyWatch();
        var stream = calls.stream(EtcdMethods.WATCH.path(), caller, watch);
        watch.stream = stream;
        stream.message(
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder()
                                        .setKey(key)
                                        .setRangeEnd(rangeEnd)
                                        .setStartRevision(fromRevision))
                        .build()
                        .toByteString());
        return watch;
    }

    /**
     * The next event, waited for.
     *
     * @throws GrpcException when the watch ended or its caller has gone
     */
    Event next(CallerStore waiter) throws GrpcException {
        while (true) {
            CompletableFuture<Void> more;
            synchronized (lock) {
                Event event = events.poll();
                if (event != null) {
                    return event;
                }
                if (failure != null) {
                    throw failure;
                }
                more = news;
            }
            waiter.await(more);
        }
    }

    @Override
    public void send(ByteString encodedMessage) {
        try {
            var response = WatchResponse.parseFrom(encodedMessage);
            if (response.getCanceled()) {
                fail(
                        new GrpcException(
                                GrpcCode.CANCELLED,
                                response.getCancelReason().isEmpty()
                                        ? "etcdserver: watch canceled"
                                        : response.getCancelReason()));
                return;
            }
            CompletableFuture<Void> waiting;
            synchronized (lock) {
                events.addAll(response.getEventsList());
                waiting = news;
                news = new CompletableFuture<>();
            }
            waiting.complete(null);
        } catch (InvalidProtocolBufferException e) {
            fail(new GrpcException(GrpcCode.INTERNAL, "malformed watch response", e));
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void onReady(Runnable whenBelowMark) {}

    @Override
    public void complete() {
        fail(new GrpcException(GrpcCode.UNAVAILABLE, "the watch has ended"));
    }

    @Override
    public void fail(GrpcException reason) {
        CompletableFuture<Void> waiting;
        synchronized (lock) {
            if (failure == null) {
                failure = reason;
            }
            waiting = news;
        }
        waiting.complete(null);
    }

    @Override
    public void close() {
        GrpcInbound<ByteString> open = stream;
        if (open != null) {
            open.closed(null);
        }
    }
}
