package io.skerry.flannel.etcdv2;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdUser;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.flannel.subnet.Tenure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores over TLS that know users of v2, with the rights that the original asks for. */
class UsersOfV2Test {
    private static final String CONFIG = "{\"Network\":\"10.5.0.0/16\"}";
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);
    private static final Duration TTL = Duration.ofSeconds(60);

    @TempDir private Path directory = Path.of("");

    /** As root of the store. */
    private record Root(URI store, HttpClient http) implements AutoCloseable {
        String ask(String method, String path, String type, String body) throws Exception {
            String words =
                    Base64.getEncoder().encodeToString("root:r".getBytes(StandardCharsets.UTF_8));
            var request =
                    HttpRequest.newBuilder(store.resolve(path))
                            .timeout(Duration.ofSeconds(60))
                            .header("Authorization", "Basic " + words)
                            .header("Content-Type", type)
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }

        /** A store that has just begun may have no leader yet. */
        void put(String path, String json) throws Exception {
            Await.until(
                    path + " is put",
                    () -> ask("PUT", path, "application/json", json).startsWith("20"));
        }

        @Override
        public void close() {
            http.shutdownNow();
        }
    }

    private static KeysApi api(URI store, SSLContext tls, String password) {
        return new KeysApi(
                new EtcdEndpoints(List.of(store), null, Duration.ofSeconds(60))
                        .as(new EtcdUser("flannel", password)),
                tls);
    }

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void userOfTheNetworkHasItsSubnetOverTlsAndNobodyElse(TestStore.Kind kind) throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("pki"), "test");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "store", List.of())
                        .writeTo(directory.resolve("tls"), "server");
        var tls = TlsIdentity.clientContext(null, authority.certificateFile(), true);
        try (var store = new TestStore(kind, directory, server);
                var root = new Root(store.uri(), HttpClient.newBuilder().sslContext(tls).build());
                var known = api(store.uri(), tls, "secret");
                var wrong = api(store.uri(), tls, "guessed")) {
            grant(root);

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> network(wrong).read())
                    .withMessageContaining("(110)");
            var shown = new AtomicReference<Map<String, KeyValue>>(Map.of());
            try (Mirror mirror = network(known).follow(KEYS.subnets(), shown::set);
                    Tenure tenure = network(known).begin(TTL, () -> {})) {
                var subnets =
                        Await.answer(
                                "it has a subnet",
                                () ->
                                        new Acquisition(tenure, new SplittableRandom(1))
                                                .acquire(
                                                        NetworkJson.parse(CONFIG).config(),
                                                        LeaseValue.of(
                                                                Ip4.of("192.168.0.1"), "host-gw"),
                                                        List.of())
                                                .subnets());
                String key = KEYS.subnets(PerFamily.only(Family.IPV4, subnets.first()));
                Await.until("%s shows it".formatted(mirror), () -> shown.get().containsKey(key));
                long first = shown.get().getOrDefault(key, none()).modRevision();
                Await.until(
                        "it is renewed",
                        () -> shown.get().getOrDefault(key, none()).modRevision() > first);
            }
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> elsewhere(known).read())
                    .withMessageContaining("(110)");
        }
    }

    private static void grant(Root root) throws Exception {
        root.put("/v2/auth/users/root", "{\"user\":\"root\",\"password\":\"r\"}");
        String all = "[\"" + SubnetKeys.DEFAULT_PREFIX + "/*\"]";
        root.put(
                "/v2/auth/roles/network",
                "{\"role\":\"network\",\"permissions\":{\"kv\":{\"read\":"
                        + all
                        + ",\"write\":"
                        + all
                        + "}}}");
        root.put(
                "/v2/auth/users/flannel",
                "{\"user\":\"flannel\",\"password\":\"secret\",\"roles\":[\"network\"]}");
        root.put("/v2/auth/enable", "");
        // Whoever has no name may do all that it is not denied.
        root.put(
                "/v2/auth/roles/guest",
                "{\"role\":\"guest\",\"revoke\":{\"kv\":{\"read\":[\"/*\"],\"write\":[\"/*\"]}}}");
        Await.until(
                "the configuration is put",
                () ->
                        root.ask(
                                        "PUT",
                                        "/v2/keys" + KEYS.config(),
                                        "application/x-www-form-urlencoded",
                                        "value=" + CONFIG)
                                .startsWith("20"));
    }

    private static KeyValue none() {
        return new KeyValue("", ByteString.EMPTY, 0, 0, 0, 0);
    }

    private static EtcdV2Store network(KeysApi api) {
        return new EtcdV2Store(api, KEYS, TTL.minusSeconds(1));
    }

    private static EtcdV2Store elsewhere(KeysApi api) {
        return new EtcdV2Store(api, new SubnetKeys("/elsewhere"), TTL.minusSeconds(1));
    }
}
