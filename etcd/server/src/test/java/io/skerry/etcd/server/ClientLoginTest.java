package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.EtcdUser;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client signs in to a store with authentication, Debian's and ours, and stays signed in. */
class ClientLoginTest {
    private static final EtcdUser ALICE = new EtcdUser("alice", "secret");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    @Test
    void staysSignedInToDebiansEtcd() throws Exception {
        try (var members = Members.theirs(directory, 1)) {
            staysSignedIn(members.startAll());
        }
    }

    @Test
    void staysSignedInToOurs() throws Exception {
        try (var members = Members.ours(directory, 1, null, List.of("--bcrypt-cost", "4"))) {
            staysSignedIn(members.startAll());
        }
    }

    /** Tells what a watch sees. */
    private static final class Seen implements WatchListener {
        private final List<String> keys = new CopyOnWriteArrayList<>();

        @Override
        public void onEvents(long revision, List<WatchEvent> events) {
            events.forEach(event -> keys.add(event.key()));
        }

        @Override
        public void onCompacted(long compactRevision) {
            keys.add("compacted");
        }

        @Override
        public void onRefused(EtcdException reason) {
            keys.add("refused: " + reason.getMessage());
        }
    }

    private static void staysSignedIn(Members members) throws Exception {
        var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
        var endpoints = new EtcdEndpoints(members.endpoints(), null, TIMEOUT).as(ALICE);
        var seen = new Seen();
        var hidden = new Seen();
        try (var client = EtcdClient.connect(endpoints)) {
            // A store that asks nobody who he is.
            client.put("k/0", ByteString.copyFromUtf8("before"));
            for (String line :
                    List.of(
                            "user add root:toor",
                            "user add alice:secret",
                            "role add r",
                            "role grant-permission r readwrite k/ --prefix",
                            "user grant-role alice r",
                            "user grant-role root root",
                            "auth enable")) {
                etcdctl.run(line.split(" ", -1));
            }
            assertThat(etcdctl.run("get", "k/0").succeeded()).isFalse();

            client.put("k/1", ByteString.copyFromUtf8("1"));
            assertThat(client.get("k/1").orElseThrow().text()).isEqualTo("1");
            assertRefused(() -> client.put("other", ByteString.EMPTY), GrpcCode.PERMISSION_DENIED);

            // It must outlast a member's new start on a busy machine.
            try (var lease = client.keepLease(Duration.ofSeconds(40), () -> {});
                    var _ = client.watch(WatchRequest.prefix("k/").from(1), seen);
                    var _ = client.watch(WatchRequest.prefix("other").from(1), hidden)) {
                await("the watch sees k/1", () -> seen.keys.contains("k/1"));
                await("the other is refused", () -> !hidden.keys.isEmpty());
                assertThat(hidden.keys.getFirst()).startsWith("refused");

                // Tokens are in the member's memory only.
                members.kill(0);
                members.start(0);
                // Reads are repeated. A write may be lost with the old connection, and of such a
                // one nobody knows whether it was carried out, so it is not repeated.
                assertThat(client.get("k/1")).isPresent();
                client.put("k/2", ByteString.copyFromUtf8("2"), lease.id());
                await("the watch sees k/2", () -> seen.keys.contains("k/2"));
                Duration before = lease.lastRenewalSent();
                await("the lease is renewed", () -> lease.lastRenewalSent().compareTo(before) > 0);
                assertThat(lease.lost()).isFalse();

                // Every change of users makes the tokens of before old.
                etcdctl.run("--user=root:toor", "user", "add", "bob:pw").orThrow();
                client.put("k/3", ByteString.copyFromUtf8("3"));
                await("the watch sees k/3", () -> seen.keys.contains("k/3"));
            }
        }
        var wrong = endpoints.as(new EtcdUser("alice", "wrong"));
        try (var client = EtcdClient.connect(wrong)) {
            assertRefused(() -> client.get("k/1"), GrpcCode.INVALID_ARGUMENT);
        }
    }

    private interface Request {
        Object send() throws Exception;
    }

    private static void assertRefused(Request request, GrpcCode code) {
        assertThatThrownBy(request::send)
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
