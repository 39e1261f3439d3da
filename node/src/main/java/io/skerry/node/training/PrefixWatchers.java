package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.skerry.bench.load.WatchStream;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Many watches of one prefix at each member, on a few streams that a thread each reads. */
final class PrefixWatchers implements AutoCloseable {
    private static final int STREAMS_A_MEMBER = 2;
    private static final int WATCHES_A_STREAM = 50;

    private final List<WatchStream> streams = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    /**
     * @param clientUrls of the members, without TLS
     * @param prefix values below it must have eight bytes at least
     */
    PrefixWatchers(List<String> clientUrls, String prefix) throws IOException {
        var requests = Collections.nCopies(WATCHES_A_STREAM, create(prefix));
        try {
            for (var url : clientUrls) {
                var uri = URI.create(url);
                var member = new InetSocketAddress(uri.getHost(), uri.getPort());
                for (var i = 0; i < STREAMS_A_MEMBER; i++) {
                    streams.add(WatchStream.open(member, EtcdMethods.WATCH.path(), requests));
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (var stream : streams) {
            readers.add(Thread.ofPlatform().name("training-watch").start(() -> read(stream)));
        }
    }

    private static byte[] create(String prefix) {
        var end = prefix.substring(0, prefix.length() - 1);
        end += (char) (prefix.charAt(prefix.length() - 1) + 1);
        return WatchRequest.newBuilder()
                .setCreateRequest(
                        WatchCreateRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(prefix))
                                .setRangeEnd(ByteString.copyFromUtf8(end)))
                .build()
                .toByteArray();
    }

    private static void read(WatchStream stream) {
        try {
            var _ = stream.read(Long.MAX_VALUE);
        } catch (IOException e) {
            ServerTraining.fail("watches of the loaded store: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        for (var stream : streams) {
            stream.close();
        }
    }

    /** Ends the watches and waits for their readers. */
    void end() throws IOException, InterruptedException {
        close();
        for (var reader : readers) {
            reader.join();
        }
    }
}
