package io.skerry.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.net.Network;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that is killed, restarted and stopped under its clients. */
class OutageTest {
    @TempDir Path directory;

    private RealEtcd etcd;
    private Network network;
    private EtcdClient client;

    @BeforeEach
    void start() throws Exception {
        etcd = new RealEtcd(directory, null);
        network = Network.start(1);
        client = EtcdClient.connect(etcd.endpoints(null), network);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        network.close();
        etcd.close();
    }

    private void put(String key, String value) throws Exception {
        client.put(key, ByteString.copyFromUtf8(value));
    }

    /**
     * Reads, which is repeated until it is answered: afterwards nothing is sent over a connection
     * that broke with the member before. A write that is lost with one is not repeated, since
     * nobody knows whether it was carried out.
     */
    private void awaitServing() throws Exception {
        assertThat(client.get("/none")).isEmpty();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void aWatchGoesOnAfterKillsAndStopsWithoutLosingOrRepeating() throws Exception {
        put("/w/start", "");
        var events = new Events();
        var expected = new ArrayList<String>();
        try (var _ = client.watch(WatchRequest.prefix("/w/k").from(1), events)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    String value = round + "-" + i;
                    put("/w/k" + i, value);
                    expected.add(value);
                    if (i == 10) {
                        etcd.restart();
                        awaitServing();
                    }
                }
            }
            assertThat(events.values(expected.size())).isEqualTo(expected);
            etcd.signal("STOP");
            TimeUnit.SECONDS.sleep(11);
            etcd.signal("CONT");
            awaitServing();
            put("/w/k", "after the stop");
            assertThat(events.values(1)).containsExactly("after the stop");
            assertThat(events.events).isEmpty();
        }
    }

    @Test
    void aLeaseOutlivesAnOutageAndTellsItsEnd() throws Exception {
        var lost = new CountDownLatch(1);
        // It must outlast the new start on a busy machine.
        var lease = client.keepLease(Duration.ofSeconds(15), lost::countDown);
        client.put("/l/a", ByteString.EMPTY, lease.id());
        Duration granted = lease.lastRenewalSent();
        await("the lease is renewed", () -> lease.lastRenewalSent().compareTo(granted) > 0);
        etcd.kill();
        await("the lease is no longer certain", () -> !lease.certain());
        assertThat(lost.getCount()).isEqualTo(1);
        etcd.start();
        await("the lease is renewed again", lease::certain);
        assertThat(client.get("/l/a")).isPresent();
        client.revoke(lease.id());
        assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lease.lost()).isTrue();
        assertThat(client.get("/l/a")).isEmpty();
    }

    @Test
    void closingALeaseRevokesItAndAbandoningDoesNot() throws Exception {
        var closed = client.keepLease(Duration.ofSeconds(60), () -> {});
        client.put("/l/closed", ByteString.EMPTY, closed.id());
        closed.close();
        assertThat(client.get("/l/closed")).isEmpty();
        var abandoned = client.keepLease(Duration.ofSeconds(60), () -> {});
        client.put("/l/abandoned", ByteString.EMPTY, abandoned.id());
        abandoned.abandon();
        assertThat(client.get("/l/abandoned")).isPresent();
        client.revoke(abandoned.id());
    }

    @Test
    void aMemberThatTakesConnectionsButNeverAnswersIsPassedBy() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            var endpoints =
                    new EtcdEndpoints(List.of(uri, etcd.uri()), null, Duration.ofSeconds(60));
            // Each client starts at a member of its own choice.
            for (int i = 0; i < 4; i++) {
                try (var other = EtcdClient.connect(endpoints, network)) {
                    var events = new Events();
                    try (var _ = other.watch(WatchRequest.key("/s").from(1), events);
                            var lease = other.keepLease(Duration.ofSeconds(60), () -> {})) {
                        other.put("/s", ByteString.copyFromUtf8("v" + i), lease.id());
                        assertThat(events.events.poll(60, TimeUnit.SECONDS)).isNotNull();
                    }
                }
            }
        }
    }

    @Test
    void leadershipPassesOnWhenALeaderResignsOrLosesItsLease() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var one = new Candidate("one", told);
        assertThat(next(told)).isEqualTo("one leads");
        var two = new Candidate("two", told);
        assertThat(next(told)).isEqualTo("two follows one");
        long first = one.election.term().orElseThrow();
        assertThat(two.election.term()).isEmpty();

        one.election.close();
        assertThat(List.of(next(told), next(told)))
                .containsExactlyInAnyOrder("one deposed", "two leads");
        long second = two.election.term().orElseThrow();
        assertThat(second).isGreaterThan(first);
        var late = Txn.when(one.election.guard(first)).then(Op.put("/decided", ByteString.EMPTY));
        assertThat(client.commit(late).succeeded()).isFalse();
        var right = Txn.when(two.election.guard(second)).then(Op.put("/decided", ByteString.EMPTY));
        assertThat(client.commit(right).succeeded()).isTrue();

        var three = new Candidate("three", told);
        assertThat(next(told)).isEqualTo("three follows two");
        client.revoke(two.lease.id());
        var after = new ArrayList<String>();
        while (!after.containsAll(List.of("two deposed", "three leads"))) {
            after.add(next(told));
            // It may hear that its key is gone before it hears that its lease is.
            assertThat(after).isSubsetOf("two deposed", "three leads", "two follows three");
        }
        assertThat(after).doesNotHaveDuplicates();
        three.election.close();
        three.lease.close();
        one.lease.close();
    }

    @Test
    void aLeaderStaysOneWhenTheStoreRestarts() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var one = new Candidate("one", told);
        assertThat(next(told)).isEqualTo("one leads");
        long term = one.election.term().orElseThrow();
        etcd.restart();
        await("the lease is renewed", () -> renewedAfter(one.lease, client.clock().now()));
        assertThat(one.election.term()).hasValue(term);
        assertThat(told).isEmpty();
        one.election.close();
        one.lease.close();
    }

    private static boolean renewedAfter(LeaseKeeper lease, Duration instant)
            throws InterruptedException {
        TimeUnit.SECONDS.sleep(3);
        return lease.lastRenewalSent().compareTo(instant) > 0;
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        String event = told.poll(60, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    private final class Candidate implements ElectionListener {
        private final String name;
        private final BlockingQueue<String> told;
        private final LeaseKeeper lease;
        private final Election election;

        Candidate(String name, BlockingQueue<String> told) throws Exception {
            this.name = name;
            this.told = told;
            this.lease = client.keepLease(Duration.ofSeconds(20), () -> {});
            this.election = client.campaign("/leader", name, lease, this);
        }

        @Override
        public void onElected(long term) {
            told.add(name + " leads");
        }

        @Override
        public void onDeposed() {
            told.add(name + " deposed");
        }

        @Override
        public void onFollowing(String leader) {
            told.add(name + " follows " + leader);
        }
    }
}
