package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The client's end of a watch stream: keeps what it gets, and can stop keeping up. */
final class RecordingClient implements GrpcOutbound {
    private final List<WatchResponse> received = new ArrayList<>();
    private final List<ByteString> parts = new ArrayList<>();
    private @Nullable Runnable whenReady;
    private boolean ready = true;
    private int sendsToStall;

    @Override
    public synchronized void send(ByteString encodedMessage) {
        try {
            received.add(WatchResponse.parseFrom(encodedMessage));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("not a watch response", e);
        }
        notifyAll();
    }

    @Override
    public synchronized void sendAlike(
            ByteString first, List<ByteString> middles, ByteString last) {
        parts.add(last);
        if (--sendsToStall == 0) {
            ready = false;
        }
        GrpcOutbound.super.sendAlike(first, middles, last);
    }

    /** The events of responses to watches alike, as they were handed over. */
    synchronized List<ByteString> parts() {
        return List.copyOf(parts);
    }

    @Override
    public synchronized boolean ready() {
        return ready;
    }

    @Override
    public synchronized void onReady(Runnable whenBelowMark) {
        whenReady = whenBelowMark;
    }

    @Override
    public void complete() {}

    @Override
    public void fail(GrpcException reason) {
        throw new AssertionError("the stream failed", reason);
    }

    void stall() {
        synchronized (this) {
            ready = false;
        }
    }

    void goOn() {
        Runnable callback;
        synchronized (this) {
            ready = true;
            callback = whenReady;
        }
        if (callback != null) {
            callback.run();
        }
    }

    /** Takes events once, and stalls again. */
    void goOnOnce() {
        synchronized (this) {
            sendsToStall = 1;
        }
        goOn();
    }

    /** Waits until the responses so far satisfy a condition. */
    synchronized List<WatchResponse> await(Predicate<List<WatchResponse>> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.test(received)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("did not come in time; received: " + received);
            }
            wait(left);
        }
        return List.copyOf(received);
    }
}
