package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.skerry.bench.load.WatchStream;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Watches of one store, spread over ten connections, each read by a thread of its own. */
final class Watchers implements AutoCloseable {
    private static final int CONNECTIONS = 10;
    private static final long POLL_MILLIS = 5;
    private static final long WAIT_SECONDS = 120;

    private final List<WatchStream> streams = new ArrayList<>();
    private final List<Future<Histogram>> reading = new ArrayList<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("watch-", 0).factory());

    /** Watches of one key each, so many in all, over so many keys in turn. */
    static Watchers ofKeys(StoreCluster cluster, int watchers, int keys) throws IOException {
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < watchers; i++) {
            requests.add(create(ByteString.copyFrom(PutRequests.key(i % keys)), ByteString.EMPTY));
        }
        return new Watchers(cluster, requests);
    }

    /** Watches of all keys each. */
    static Watchers ofPrefix(StoreCluster cluster, int watchers) throws IOException {
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < watchers; i++) {
            requests.add(
                    create(
                            ByteString.copyFromUtf8(PutRequests.PREFIX),
                            ByteString.copyFromUtf8(PutRequests.PREFIX_END)));
        }
        return new Watchers(cluster, requests);
    }

    private static byte[] create(ByteString key, ByteString rangeEnd) {
        return WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key).setRangeEnd(rangeEnd))
                .build()
                .toByteArray();
    }

    private Watchers(StoreCluster cluster, List<byte[]> requests) throws IOException {
        List<InetSocketAddress> servers = cluster.clients();
        int each = (requests.size() + CONNECTIONS - 1) / CONNECTIONS;
        try {
            for (int from = 0; from < requests.size(); from += each) {
                streams.add(
                        WatchStream.open(
                                servers.get(streams.size() % servers.size()),
                                EtcdMethods.WATCH.path(),
                                requests.subList(from, Math.min(requests.size(), from + each))));
            }
            for (WatchStream stream : streams) {
                reading.add(threads.submit(() -> stream.read(Long.MAX_VALUE)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Waits until so many events have come in all. */
    void await(long events) throws BenchException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (count() < events) {
            if (System.nanoTime() > deadline) {
                throw new BenchException(
                        "only " + count() + " of " + events + " events came to the watchers");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private long count() {
        return streams.stream().mapToLong(WatchStream::events).sum();
    }

    /** Ends the watches and gives the time of each event from being sent to being received. */
    Histogram end() throws IOException, InterruptedException {
        close();
        Histogram all = null;
        try {
            for (Future<Histogram> one : reading) {
                Histogram some = one.get();
                if (all == null) {
                    all = some;
                } else {
                    all.add(some);
                }
            }
        } catch (ExecutionException e) {
            throw new IOException("the watches ended early: " + e.getCause(), e);
        }
        if (all == null) {
            throw new IllegalStateException("there were no watches");
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        for (WatchStream stream : streams) {
            stream.close();
        }
        threads.shutdown();
    }
}
