package io.skerry.flannel;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.flannel.etcdv2.EtcdV2Store;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.SubnetKeys;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A network's keys in a store, reached by either of its APIs. */
public sealed interface TestKeys extends AutoCloseable {
    SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);

    /** How keys are reached. */
    enum Api {
        V3,
        V2
    }

    NetworkStore network();

    /** Puts what stays. */
    void put(String key, String value) throws Exception;

    void delete(String key) throws Exception;

    @Override
    void close();

    static TestKeys of(Api api, URI store) throws Exception {
        return switch (api) {
            case V3 -> new ByV3(TestStore.client(store));
            case V2 -> new ByV2(store, keysApi(List.of(store)), HttpClient.newHttpClient());
        };
    }

    static KeysApi keysApi(List<URI> endpoints) throws Exception {
        return new KeysApi(
                new EtcdEndpoints(endpoints, null, Duration.ofSeconds(60)),
                SSLContext.getDefault());
    }

    /** By v3. */
    record ByV3(EtcdClient client) implements TestKeys {
        @Override
        public NetworkStore network() {
            return new EtcdNetworkStore(client, KEYS);
        }

        @Override
        public void put(String key, String value) throws Exception {
            client.put(key, ByteString.copyFromUtf8(value));
        }

        @Override
        public void delete(String key) throws Exception {
            client.delete(key);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** By v2, with requests of its own making to look at what the program does. */
    record ByV2(URI store, KeysApi api, HttpClient http) implements TestKeys {
        private static final String DONE = "\"action\":";
        private static final String KEY_NOT_FOUND = "\"errorCode\":100,";

        @Override
        public NetworkStore network() {
            return new EtcdV2Store(api, KEYS, EtcdV2Store.DEFAULT_RENEW_MARGIN);
        }

        @Override
        public void put(String key, String value) throws Exception {
            String form = "value=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
            Await.until("it is put", () -> ask("PUT", key, form).contains(DONE));
        }

        @Override
        public void delete(String key) throws Exception {
            Await.until(
                    "it is gone",
                    () -> {
                        String answer = ask("DELETE", key, "");
                        // The latter when it went by a request whose answer was another.
                        return answer.contains(DONE) || answer.contains(KEY_NOT_FOUND);
                    });
        }

        /** The answer's text. */
        public String ask(String method, String key, String form) throws Exception {
            var request =
                    HttpRequest.newBuilder(URI.create(store + "/v2/keys" + key))
                            .timeout(Duration.ofSeconds(60))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .method(method, HttpRequest.BodyPublishers.ofString(form))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }

        @Override
        public void close() {
            api.close();
            http.shutdownNow();
        }
    }
}
