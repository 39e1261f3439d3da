package io.skerry.etcd.ctl.check;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write at once, each one write after the other, under keys of a prefix.
 *
 * @param writes how many in all; reached or not, writing ends with the time
 * @param perSecond how many all start in a second at most; 0: as many as go
 * @param time after which none is started any more
 */
public record Writers(
        String prefix,
        int clients,
        long writes,
        long perSecond,
        Duration time,
        int keyBytes,
        int valueBytes) {
    private static final Duration ONE_WRITE = Duration.ofMinutes(1);

    /** Writes until all is written or the time is over. */
    public Observations run(Remote remote, AtomicLong progress) throws InterruptedException {
        var seen = new Observations();
        var next = new AtomicLong();
        long start = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> write(remote, seen, next, progress, start)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return seen;
    }

    private void write(
            Remote remote, Observations seen, AtomicLong next, AtomicLong progress, long start) {
        var value = ByteString.copyFrom(new byte[valueBytes]);
        try {
            for (long i = next.getAndIncrement(); i < writes; i = next.getAndIncrement()) {
                long due = perSecond == 0 ? 0 : i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                TimeUnit.NANOSECONDS.sleep(due - (System.nanoTime() - start));
                if (System.nanoTime() - start >= time.toNanos()) {
                    return;
                }
                put(remote, seen, value);
                progress.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(Remote remote, Observations seen, ByteString value)
            throws InterruptedException {
        var name = new byte[keyBytes];
        ThreadLocalRandom.current().nextBytes(name);
        var key = ByteText.bytes(prefix).concat(ByteString.copyFrom(name));
        var request = PutRequest.newBuilder().setKey(key).setValue(value).build();
        long began = System.nanoTime();
        try {
            remote.attempt(EtcdMethods.PUT, request, Remote.Effect.WRITES, ONE_WRITE);
            seen.written(Duration.ofNanos(System.nanoTime() - began));
        } catch (GrpcException e) {
            seen.failed(Remote.words(e));
        }
    }
}
