package io.skerry.flannel.etcdv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.CutLine;
import io.skerry.flannel.Heard;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.Claim;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.flannel.subnet.Tenure;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The v2 layout in real stores, each test under a prefix of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtcdV2StoreTest {
    private static final String CONFIG = "{\"Network\":\"10.5.0.0/16\"}";
    private static final Duration TTL = Duration.ofSeconds(60);

    /** With it such a lease is renewed every second. */
    private static final Duration LONG_MARGIN = TTL.minusSeconds(1);

    /** More than a store remembers. */
    private static final int MANY_EVENTS = 1_100;

    private static final String OTHER =
            "{\"PublicIP\":\"192.168.0.77\",\"BackendType\":\"host-gw\"}";

    private final Map<TestStore.Kind, TestStore> stores = new EnumMap<>(TestStore.Kind.class);
    private final List<TestKeys.ByV2> clients = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        for (var kind : TestStore.Kind.values()) {
            stores.put(kind, new TestStore(kind, directory));
        }
    }

    @AfterAll
    void stop() {
        clients.forEach(TestKeys.ByV2::close);
        stores.values().forEach(TestStore::close);
    }

    /** A network of a test's own. */
    private record Net(TestKeys.ByV2 raw, SubnetKeys keys, Duration margin) {
        Tenure begin(Duration ttl, Runnable lost) {
            return store().begin(ttl, lost);
        }

        EtcdV2Store store() {
            return new EtcdV2Store(raw.api(), keys, margin);
        }

        String key(Cidr subnet) {
            return keys.subnets(PerFamily.only(Family.IPV4, subnet));
        }

        Optional<Node> node(String key) throws Exception {
            return switch (answered(() -> raw.api().get(key))) {
                case Answer.Done done -> Optional.of(done.node());
                case Answer.Refused refused -> {
                    assertThat(refused.code()).isEqualTo(Answer.Refused.KEY_NOT_FOUND);
                    yield Optional.empty();
                }
            };
        }

        long configRevision() throws Exception {
            return answered(() -> store().read().orElseThrow().configRevision());
        }

        long modified(String key) throws Exception {
            return node(key).orElseThrow().modifiedIndex();
        }
    }

    private Net network(TestStore.Kind kind, String prefix, Duration margin) throws Exception {
        URI uri = uri(kind);
        return network(TestKeys.keysApi(List.of(uri)), uri, prefix, margin);
    }

    private Net network(KeysApi api, URI raw, String prefix, Duration margin) throws Exception {
        var client = client(api, raw);
        var net = new Net(client, new SubnetKeys(prefix), margin);
        client.put(net.keys().config(), CONFIG);
        return net;
    }

    private URI uri(TestStore.Kind kind) {
        return Objects.requireNonNull(stores.get(kind)).uri();
    }

    private static long revision(Map<String, KeyValue> entries, String key) {
        return Objects.requireNonNull(entries.get(key)).modRevision();
    }

    private TestKeys.ByV2 client(KeysApi api, URI raw) {
        var client = new TestKeys.ByV2(raw, api, HttpClient.newHttpClient());
        clients.add(client);
        return client;
    }

    private static LeaseValue value(int host) {
        return LeaseValue.of(Ip4.of("192.168.0.0").plus(host), "host-gw");
    }

    private static Cidr acquire(Tenure tenure, int host) throws Exception {
        return answered(() ->
                new Acquisition(tenure, new SplittableRandom(host))
                        .acquire(NetworkJson.parse(CONFIG).config(), value(host), List.of())
                        .subnets()
                        .first());
    }

    /** As a daemon does: asks again when the store has no leader for a moment. */
    private static <T> T answered(Callable<T> question) throws Exception {
        return Await.answer("the store answers", question);
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void hostHasItsSubnetAgainAfterARestartForTheOriginalsTime(TestStore.Kind kind)
            throws Exception {
        var net = network(kind, "/restart", EtcdV2Store.DEFAULT_RENEW_MARGIN);
        Tenure first = net.begin(EtcdV2Store.DEFAULT_TTL, () -> {});
        Cidr subnet = acquire(first, 1);
        String key = net.key(subnet);

        String shown =
                answered(() -> {
                    String text = net.raw().ask("GET", key, "");
                    assertThat(text).contains("\"action\"");
                    return text;
                });
        assertThat(shown)
                .contains("PublicIP\\\":\\\"192.168.0.1\\\"")
                .containsPattern("\"ttl\":8[56]\\d{3}\\b");
        Node before = net.node(key).orElseThrow();
        first.abandon();
        Tenure second = net.begin(EtcdV2Store.DEFAULT_TTL, () -> {});

        assertThat(acquire(second, 1)).isEqualTo(subnet);
        Node after = net.node(key).orElseThrow();
        assertThat(after.createdIndex()).isEqualTo(before.createdIndex());
        assertThat(after.modifiedIndex()).isGreaterThan(before.modifiedIndex());
        second.close();
        assertThat(net.node(key)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void leaseIsRenewedUntilItIsAnothersAndThenLeftAlone(TestStore.Kind kind) throws Exception {
        var net = network(kind, "/renewed", LONG_MARGIN);
        var lost = new CountDownLatch(1);
        Tenure tenure = net.begin(TTL, lost::countDown);
        String key = net.key(acquire(tenure, 1));
        long first = net.modified(key);
        Await.until("it is renewed", () -> net.modified(key) > first);
        assertThat(tenure.lost()).isFalse();

        net.raw().put(key, OTHER);

        assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tenure.lost()).isTrue();
        tenure.close();
        assertThat(net.node(key).orElseThrow().value()).isEqualTo(OTHER);
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void reservationIsItsHostsAndStays(TestStore.Kind kind) throws Exception {
        var net = network(kind, "/reserved", LONG_MARGIN);
        String key = net.keys().subnets() + "10.5.9.0-24";
        net.raw().put(key, "{\"PublicIP\":\"192.168.0.9\"}");

        Tenure tenure = net.begin(TTL, () -> {});
        assertThat(acquire(tenure, 9)).isEqualTo(Cidr4.of("10.5.9.0/24"));
        tenure.close();

        Node node = net.node(key).orElseThrow();
        assertThat(node.value()).contains("host-gw");
        assertThat(node.expires()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void subnetsOfKeysThatAreNoLeasesAreKnown(TestStore.Kind kind) throws Exception {
        var net = network(kind, "/unreadable", LONG_MARGIN);
        net.raw().put(net.keys().subnets() + "10.5.3.0-24", "x");
        net.raw().put(net.keys().subnets() + "10.5.4.0-24", "{}");
        net.raw().put(net.keys().subnets() + "10.5.5.0-24", OTHER);
        net.raw().put(net.keys().subnets() + "10.5.6.0-24/inside", "x");
        String empty = net.keys().subnets() + "10.5.7.0-24";
        Await.until(
                "it is made",
                () -> net.raw().ask("PUT", empty, "dir=true").contains("\"dir\":true"));

        var view = answered(() -> net.store().read().orElseThrow());

        assertThat(view.unreadable())
                .containsExactlyInAnyOrder(
                        Cidr4.of("10.5.3.0/24"),
                        Cidr4.of("10.5.4.0/24"),
                        Cidr4.of("10.5.6.0/24"),
                        Cidr4.of("10.5.7.0/24"));
        assertThat(view.leases()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void claimIsTakenBackIfItsReasonsHaveChangedMeanwhile(TestStore.Kind kind) throws Exception {
        var net = network(kind, "/late", LONG_MARGIN);
        long config = net.configRevision();
        try (Tenure tenure = net.begin(TTL, () -> {})) {
            net.raw().put(net.keys().subnets() + "10.5.4.0-23", OTHER);

            assertThat(claimed(net, tenure, claim(config, "10.5.5.0/24"))).isFalse();
            assertThat(net.node(net.keys().subnets() + "10.5.5.0-24")).isEmpty();

            net.raw().put(net.keys().config(), CONFIG);
            assertThat(claimed(net, tenure, claim(config, "10.5.8.0/24"))).isFalse();
            assertThat(net.node(net.keys().subnets() + "10.5.8.0-24")).isEmpty();

            long now = net.configRevision();
            assertThat(claimed(net, tenure, claim(now, "10.5.8.0/24"))).isTrue();
        }
    }

    /** A try that failed half-way may have left the node. */
    private static boolean claimed(Net net, Tenure tenure, Claim claim) throws Exception {
        return answered(() -> {
            net.raw().delete(net.keys().subnets(claim.subnets()));
            return tenure.claim(claim);
        });
    }

    private static Claim claim(long config, String subnet) {
        return new Claim(
                config,
                PerFamily.only(Family.IPV4, Cidr4.of(subnet)),
                value(1),
                Optional.empty(),
                List.of(),
                Map.of(),
                List.of());
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void mirrorThatMissedMoreThanTheStoreRemembersListsAnew(TestStore.Kind kind) throws Exception {
        URI uri = uri(kind);
        try (var line = new CutLine(uri);
                var heard = Heard.of(NodeMirror.class)) {
            var net = network(patient(line.uri()), uri, "/missed", LONG_MARGIN);
            String gone = net.keys().subnets() + "10.5.1.0-24";
            String late = net.keys().subnets() + "10.5.2.0-24";
            net.raw().put(gone, OTHER);
            var shown = new AtomicReference<Map<String, KeyValue>>(Map.of());
            try (var mirror = net.store().follow(net.keys().subnets(), shown::set)) {
                Await.until("%s shows it".formatted(mirror), () -> shown.get().containsKey(gone));

                line.cut();
                net.raw().put(late, OTHER);
                net.raw().delete(gone);
                change(net);
                line.mend();

                Await.until("what is gone is learnt", () -> heard.has("missed too much"));
                Await.until(
                        "only the late one is shown",
                        () -> shown.get().keySet().equals(Set.of(late)));
                // And it is followed again.
                net.raw().delete(late);
                Await.until("nothing is shown", () -> shown.get().isEmpty());
            }
        }
    }

    /** Its watch outlasts any cut, after which a quiet one lists anew without being told to. */
    private static KeysApi patient(URI endpoint) throws Exception {
        return new KeysApi(
                new EtcdEndpoints(List.of(endpoint), null, Duration.ofSeconds(60)),
                SSLContext.getDefault(),
                Duration.ofHours(1));
    }

    private static void change(Net net) throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var changes = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < MANY_EVENTS; i++) {
                changes.add(() -> {
                    net.raw().put("/elsewhere", "x");
                    return true;
                });
            }
            for (var change : threads.invokeAll(changes)) {
                change.get();
            }
        }
    }

    @Test
    void watchesAndRenewalsGoOnWhenAMemberDies(@TempDir Path directory) throws Exception {
        var members = TestStore.cluster(TestStore.Kind.ETCD, directory, 3);
        try {
            var uris = members.stream().map(TestStore::uri).toList();
            var net = network(TestKeys.keysApi(uris), uris.getLast(), "/dies", LONG_MARGIN);
            var shown = new AtomicReference<Map<String, KeyValue>>(Map.of());
            try (var mirror = net.store().follow(net.keys().subnets(), shown::set);
                    Tenure tenure = net.begin(TTL, () -> {})) {
                String key = net.key(acquire(tenure, 1));
                Await.until("%s shows it".formatted(mirror), () -> shown.get().containsKey(key));

                members.getFirst().close();

                String other = net.keys().subnets() + "10.5.200.0-24";
                net.raw().put(other, OTHER);
                Await.until("the other is shown", () -> shown.get().containsKey(other));
                long then = revision(shown.get(), key);
                Await.until("it is renewed", () -> revision(shown.get(), key) > then);
                assertThat(tenure.lost()).isFalse();
            }
        } finally {
            members.forEach(TestStore::close);
        }
    }

    @Test
    void leaseIsRenewedAnHourBeforeItsEndButNotBeforeAFifthOfItsTime() {
        assertThat(EtcdV2Store.renewMargin(Duration.ofHours(24))).isEqualTo(Duration.ofHours(1));
        assertThat(EtcdV2Store.renewMargin(Duration.ofSeconds(3_601)))
                .isEqualTo(Duration.ofSeconds(3_601).multipliedBy(4).dividedBy(5));
    }

    @Test
    void whatServesNoV2ApiIsToldSo() throws Exception {
        URI elsewhere = uri(TestStore.Kind.ETCD).resolve("/elsewhere/");
        KeysApi api = client(TestKeys.keysApi(List.of(elsewhere)), elsewhere).api();
        Await.until("the store serves", () -> reason(api).contains("--enable-v2=true"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> api.get("/x"))
                .withMessageContaining("/elsewhere: answers 404");
    }

    private static String reason(KeysApi api) throws Exception {
        try {
            return api.get("/x").toString();
        } catch (StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
