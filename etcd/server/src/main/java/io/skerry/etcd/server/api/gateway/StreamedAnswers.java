package io.skerry.etcd.server.api.gateway;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a method sends, taken by the thread that writes it to the client. */
final class StreamedAnswers implements GrpcOutbound {
    /** A method that looks at {@link #ready} stops sending beyond this. */
    private static final long MARK_BYTES = 1 << 20;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteString> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean ended;
    private @Nullable GrpcException failure;
    private @Nullable Runnable whenBelowMark;

    /**
     * Waits for the next message; null after the last one.
     *
     * @throws GrpcException when the stream failed
     */
    @Nullable ByteString next() throws GrpcException, InterruptedException {
        Runnable drained = null;
        ByteString message;
        lock.lock();
        try {
            while (waiting.isEmpty() && !ended) {
                changed.await();
            }
            message = waiting.poll();
            if (message == null) {
                if (failure != null) {
                    throw failure;
                }
                return null;
            }
            boolean above = waitingBytes >= MARK_BYTES;
            waitingBytes -= message.size();
            if (above && waitingBytes < MARK_BYTES) {
                drained = whenBelowMark;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (drained != null) {
            drained.run();
        }
        return message;
    }

    /** Waits until a method that looks at {@link #ready} would send, or the stream has ended. */
    void awaitReady() throws InterruptedException {
        lock.lock();
        try {
            while (waitingBytes >= MARK_BYTES && !ended) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(ByteString encodedMessage) {
        lock.lock();
        try {
            if (!ended) {
                waiting.add(encodedMessage);
                waitingBytes += encodedMessage.size();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean ready() {
        lock.lock();
        try {
            return waitingBytes < MARK_BYTES;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onReady(Runnable runnable) {
        lock.lock();
        try {
            whenBelowMark = runnable;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void complete() {
        end(null);
    }

    @Override
    public void fail(GrpcException reason) {
        end(reason);
    }

    private void end(@Nullable GrpcException reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
