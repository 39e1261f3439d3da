package io.skerry.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.ServerTrust;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real etcd with client certificates of our own authority. */
class EtcdClientTest {
    @TempDir static Path directory;

    private static RealEtcd etcd;
    private static Network network;
    private static TlsFiles ada;
    private static EtcdClient client;

    @BeforeAll
    static void start() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "etcd", List.of())
                        .writeTo(directory.resolve("server"), "server");
        ada =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("client"), "client");
        etcd = new RealEtcd(directory, server);
        network = Network.start(1);
        client = EtcdClient.connect(etcd.endpoints(ada), network);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        network.close();
        etcd.close();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Test
    void putsGetsListsAndDeletes() throws Exception {
        long revision = client.put("/kv/a", bytes("1")).revision();
        client.put("/kv/b", bytes("2"));
        client.put("/kv0", bytes("not listed"));
        KeyValue a = client.get("/kv/a").orElseThrow();
        assertThat(a).isEqualTo(new KeyValue("/kv/a", bytes("1"), revision, revision, 1, 0));
        assertThat(client.get("/kv/none")).isEmpty();
        Listing all = client.list("/kv/");
        assertThat(all.entries()).extracting(KeyValue::key).containsExactly("/kv/a", "/kv/b");
        assertThat(all.revision()).isGreaterThanOrEqualTo(revision + 2);
        assertThat(client.list("/kv/", revision).entries()).containsExactly(a);
        assertThat(client.delete("/kv/a")).isEqualTo(1);
        assertThat(client.delete("/kv/a")).isZero();
        assertThat(client.deletePrefix("/kv/")).isEqualTo(1);
        assertThat(client.get("/kv0")).isPresent();
    }

    @Test
    void transactionsDecideByEveryKindOfCondition() throws Exception {
        var lease = client.keepLease(Duration.ofMinutes(2), () -> {});
        long revision = client.put("/txn/a", bytes("1"), lease.id()).revision();
        for (Compare holds :
                List.of(
                        Compare.modRevision("/txn/a", Compare.Relation.EQUAL, revision),
                        Compare.createRevision("/txn/a", Compare.Relation.GREATER, 0),
                        Compare.version("/txn/a", Compare.Relation.LESS, 2),
                        Compare.value("/txn/a", Compare.Relation.NOT_EQUAL, bytes("2")),
                        Compare.lease("/txn/a", Compare.Relation.EQUAL, lease.id()),
                        Compare.absent("/txn/b"))) {
            assertThat(client.commit(Txn.when(holds)).succeeded()).as("%s", holds).isTrue();
        }
        var other = new LeaseId(lease.id().value() + 1);
        assertThat(
                        client.commit(
                                        Txn.when(
                                                Compare.lease(
                                                        "/txn/a", Compare.Relation.EQUAL, other)))
                                .succeeded())
                .isFalse();
        TxnOutcome taken =
                client.commit(
                        Txn.when(Compare.absent("/txn/a"))
                                .then(Op.put("/txn/a", bytes("2")))
                                .otherwise(Op.get("/txn/a"), Op.list("/txn/")));
        assertThat(taken.succeeded()).isFalse();
        assertThat(taken.read(0).first().orElseThrow().text()).isEqualTo("1");
        assertThat(taken.read(1).entries()).hasSize(1);
        TxnOutcome done =
                client.commit(
                        Txn.when(Compare.unchanged(taken.read(0).entries().getFirst()))
                                .then(Op.put("/txn/b", bytes("3")), Op.deletePrefix("/txn/a")));
        assertThat(done.succeeded()).isTrue();
        assertThat(done.results())
                .containsExactly(new TxnOutcome.OpResult.Put(), new TxnOutcome.OpResult.Deleted(1));
        lease.close();
    }

    @Test
    void onlyGuardedTransactionsAreRepeatable() {
        var put = Op.put("/a", ByteString.EMPTY);
        assertThat(Txn.when(Compare.absent("/a")).then(put).repeatable()).isTrue();
        assertThat(
                        Txn.when(Compare.modRevision("/a", Compare.Relation.EQUAL, 7))
                                .then(put)
                                .repeatable())
                .isTrue();
        assertThat(
                        Txn.when(Compare.modRevision("/b", Compare.Relation.EQUAL, 7))
                                .then(put)
                                .repeatable())
                .isFalse();
        assertThat(
                        Txn.when(Compare.version("/a", Compare.Relation.GREATER, 7))
                                .then(put)
                                .repeatable())
                .isFalse();
        assertThat(Txn.when(Compare.absent("/a")).then(put).otherwise(put).repeatable()).isFalse();
        assertThat(Txn.when(Compare.absent("/a")).then(Op.deletePrefix("/a")).repeatable())
                .isFalse();
    }

    @Test
    void failuresTellWhatHappened() throws Exception {
        assertThatThrownBy(() -> client.put("/bad", bytes("x"), new LeaseId(12345)))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(GrpcCode.NOT_FOUND);
                            assertThat(e.maybeApplied()).isFalse();
                        })
                .hasMessageContaining("requested lease not found");
        var nowhere =
                new EtcdEndpoints(
                        List.of(URI.create("https://127.0.0.1:1")), ada, Duration.ofSeconds(3));
        try (var lost = EtcdClient.connect(nowhere, network)) {
            assertThatThrownBy(() -> lost.put("/a", ByteString.EMPTY))
                    .isInstanceOfSatisfying(
                            EtcdException.class,
                            e -> {
                                assertThat(e.unavailable()).isTrue();
                                assertThat(e.maybeApplied()).isFalse();
                            })
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    @Test
    void strangersAreRefusedByTheStore() throws Exception {
        var stranger =
                CertificateAuthority.create(directory.resolve("other"), "theirs")
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("stranger"), "client");
        var posing = new TlsFiles(stranger.certificate(), stranger.key(), ada.trustedCa(), false);
        var endpoints = new EtcdEndpoints(List.of(etcd.uri()), posing, Duration.ofSeconds(1));
        try (var refused = EtcdClient.connect(endpoints, network)) {
            assertThatThrownBy(() -> refused.get("/a")).isInstanceOf(EtcdException.class);
        }
    }

    @Test
    void authorityAloneIsEnoughForAStoreThatAsksForNoCertificate() throws Exception {
        var files =
                CertificateAuthority.create(directory.resolve("third"), "third")
                        .issue(CertificateUse.SERVER, "store", List.of("127.0.0.1"))
                        .writeTo(directory.resolve("third-server"), "server");
        var authority = directory.resolve("third/ca.crt");
        var server = new TlsFiles(files.certificate(), files.key(), authority, false);
        try (var open = new RealEtcd(Files.createDirectory(directory.resolve("open")), server)) {
            var endpoints = open.endpoints(null).trusting(new ServerTrust(authority, true));
            try (var believing = EtcdClient.connect(endpoints, network)) {
                assertThat(believing.get("/a")).isEmpty();
            }
            var brief = new EtcdEndpoints(List.of(open.uri()), null, Duration.ofSeconds(1));
            try (var doubting = EtcdClient.connect(brief, network)) {
                assertThatThrownBy(() -> doubting.get("/a")).isInstanceOf(EtcdException.class);
            }
        }
    }

    @Test
    void watchesTellPutsDeletionsAndWhatWasThereBefore() throws Exception {
        long before = client.put("/watch/a", bytes("1")).revision();
        var events = new Events();
        try (var _ =
                client.watch(
                        WatchRequest.prefix("/watch/").from(before + 1).withPreviousValues(),
                        events)) {
            client.put("/watch/a", bytes("2"));
            client.delete("/watch/a");
            var put = (WatchEvent.Put) events.events.poll(60, TimeUnit.SECONDS);
            assertThat(put.now().text()).isEqualTo("2");
            assertThat(put.previous()).extracting(KeyValue::text).isEqualTo("1");
            var deleted = (WatchEvent.Deleted) events.events.poll(60, TimeUnit.SECONDS);
            assertThat(deleted.key()).isEqualTo("/watch/a");
            assertThat(deleted.previous()).extracting(KeyValue::text).isEqualTo("2");
        }
    }

    @Test
    void watchWhoseListenerFailsIsToldAsOver() throws Exception {
        var refused = new LinkedBlockingQueue<EtcdException>();
        var listener =
                new WatchListener() {
                    @Override
                    public void onEvents(long revision, List<WatchEvent> events) {
                        throw new IllegalStateException("a fault of the test");
                    }

                    @Override
                    public void onCompacted(long compactRevision) {}

                    @Override
                    public void onRefused(EtcdException reason) {
                        refused.add(reason);
                    }
                };
        long revision = client.put("/faulty", bytes("1")).revision();
        try (Watch watch = client.watch(WatchRequest.key("/faulty").from(revision), listener)) {
            assertThat(refused.poll(60, TimeUnit.SECONDS))
                    .as("what ends %s", watch)
                    .hasMessageContaining("/faulty")
                    .hasMessageContaining("a fault of the test");
        }
    }

    @Test
    void watchTellsItsEndOnceEvenToAListenerThatFailsThen() throws Exception {
        long first = client.put("/once", bytes("1")).revision();
        long last = client.put("/once", bytes("2")).revision();
        client.transport()
                .unary(
                        EtcdMethods.COMPACT,
                        CompactionRequest.newBuilder().setRevision(last).build(),
                        Duration.ofSeconds(60))
                .get();
        var told = new LinkedBlockingQueue<String>();
        var listener =
                new WatchListener() {
                    @Override
                    public void onEvents(long revision, List<WatchEvent> events) {
                        told.add("events");
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        told.add("compacted");
                        throw new IllegalStateException("a fault of the test");
                    }

                    @Override
                    public void onRefused(EtcdException reason) {
                        told.add("refused");
                    }
                };
        Watch watch = client.watch(WatchRequest.key("/once").from(first), listener);
        assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("compacted");
        assertThat(watch.awaitEnd(Duration.ofSeconds(60))).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void watchesFromNowOnSeeOnlyWhatComes() throws Exception {
        client.put("/now/a", bytes("old"));
        var events = new Events();
        try (var _ = client.watch(WatchRequest.key("/now/a"), events)) {
            events.awaitCreated();
            client.put("/now/a", bytes("new"));
            assertThat(events.values(1)).containsExactly("new");
        }
    }

    @Test
    void aWatchFromACompactedRevisionSaysSo() throws Exception {
        long first = client.put("/compact/a", bytes("1")).revision();
        long last = client.put("/compact/a", bytes("2")).revision();
        client.transport()
                .unary(
                        EtcdMethods.COMPACT,
                        CompactionRequest.newBuilder().setRevision(last).build(),
                        Duration.ofSeconds(60))
                .get();
        var events = new Events();
        try (var _ = client.watch(WatchRequest.key("/compact/a").from(first), events)) {
            assertThat(events.compacted.poll(60, TimeUnit.SECONDS)).isEqualTo(last);
        }
        assertThatThrownBy(() -> client.list("/compact/", first))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        e -> assertThat(e.code()).isEqualTo(GrpcCode.OUT_OF_RANGE));
    }

    @Test
    void aSlowListenerLosesNothing() throws Exception {
        var slow = new java.util.concurrent.Semaphore(0);
        var events = new Events();
        long from = client.put("/slow/a", bytes("start")).revision() + 1;
        int count = 3_000;
        try (var _ =
                client.watch(
                        WatchRequest.key("/slow/a").from(from),
                        new WatchListener() {
                            @Override
                            public void onEvents(long revision, List<WatchEvent> changes) {
                                slow.acquireUninterruptibly();
                                slow.release();
                                events.onEvents(revision, changes);
                            }

                            @Override
                            public void onCompacted(long compactRevision) {
                                events.onCompacted(compactRevision);
                            }
                        })) {
            var puts = new java.util.ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < count; i++) {
                var put = Op.putRequest(new Op.Put("/slow/a", bytes("v" + i), null));
                puts.add(client.transport().unary(EtcdMethods.PUT, put, Duration.ofSeconds(60)));
            }
            for (var put : puts) {
                put.get();
            }
            slow.release();
            assertThat(events.values(count)).doesNotHaveDuplicates().hasSize(count);
        }
    }

    @Test
    void knowsMembersAndTheirStatus() throws Exception {
        assertThat(client.members()).hasSize(1);
        assertThat(client.status(etcd.uri()).getLeader())
                .isEqualTo(client.members().getFirst().getID());
    }
}
