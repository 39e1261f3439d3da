package io.skerry.bench.net;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.bench.load.LoadConnection;
import io.skerry.bench.store.BenchException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.flannel.subnet.SubnetKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The original's etcd in a namespace of its own, and flannel's keys in it. */
final class LeaseStore implements AutoCloseable {
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);
    private static final int PORT = 2379;

    /** A request must fit in one frame of HTTP/2. */
    private static final int PUTS_A_TRANSACTION = 40;

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 50;

    private final Cabling.Place place;
    private final String address;
    private final Process process;

    LeaseStore(Cabling.Place place, String address, Path etcd, Path folder) throws Exception {
        this.place = place;
        this.address = address;
        String peers = "http://" + address + ":2380";
        process =
                place.start(
                        List.of(
                                etcd.toString(),
                                "--name=bench",
                                "--data-dir=" + folder.resolve("etcd"),
                                "--listen-client-urls=" + url(),
                                "--advertise-client-urls=" + url(),
                                "--listen-peer-urls=" + peers,
                                "--initial-advertise-peer-urls=" + peers,
                                "--initial-cluster=bench=" + peers),
                        folder.resolve("etcd.log"));
        awaitAnswer(folder.resolve("etcd.log"));
    }

    private void awaitAnswer(Path log) throws Exception {
        var any = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("any")).build();
        long end = System.nanoTime() + START_NANOS;
        while (true) {
            try {
                var _ = call(EtcdMethods.RANGE, any);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    process.destroyForcibly();
                    throw new BenchException("etcd does not answer; its log is " + log);
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    String url() {
        return "http://" + address + ":" + PORT;
    }

    /** Forgets all, and has a network of that backend. */
    void begin(String network, String backend) throws Exception {
        deleteAll(KEYS.prefix());
        put(
                KEYS.config(),
                "{\"Network\":\"%s\",\"Backend\":{\"Type\":\"%s\"}}".formatted(network, backend));
    }

    /** What a host's lease is put under. */
    static String key(String subnet) {
        return KEYS.subnets() + subnet.replace('/', '-');
    }

    void put(String key, String value) throws Exception {
        var _ = call(EtcdMethods.PUT, request(key, value));
    }

    void putAll(Map<String, String> entries) throws Exception {
        var transaction = TxnRequest.newBuilder();
        for (var entry : entries.entrySet()) {
            transaction.addSuccess(
                    RequestOp.newBuilder()
                            .setRequestPut(request(entry.getKey(), entry.getValue())));
            if (transaction.getSuccessCount() == PUTS_A_TRANSACTION) {
                var _ = call(EtcdMethods.TXN, transaction.build());
                transaction.clear();
            }
        }
        if (transaction.getSuccessCount() > 0) {
            var _ = call(EtcdMethods.TXN, transaction.build());
        }
    }

    private static PutRequest request(String key, String value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    void delete(String key) throws Exception {
        var request = DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
        var _ = call(EtcdMethods.DELETE_RANGE, request);
    }

    private void deleteAll(String prefix) throws Exception {
        var request =
                DeleteRangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(prefix + "/"))
                        .setRangeEnd(ByteString.copyFromUtf8(prefix + "0")) // what comes after "/"
                        .build();
        var _ = call(EtcdMethods.DELETE_RANGE, request);
    }

    private <Q extends MessageLite, R extends MessageLite> R call(
            GrpcMethod<Q, R> method, Q request) throws Exception {
        return place.thread()
                .on(() -> {
                    try (var connection =
                            LoadConnection.open(new InetSocketAddress(address, PORT), 1)) {
                        connection.method(method.path());
                        return method.responses().parseFrom(connection.call(request.toByteArray()));
                    }
                });
    }

    @Override
    public void close() {
        Processes.end(process);
    }
}
