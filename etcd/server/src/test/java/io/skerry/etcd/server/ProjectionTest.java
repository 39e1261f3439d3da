package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.FreePorts;
import io.skerry.etcd.server.api.v2.Projection;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys of v3 read through v2; they are written through the gateway. */
class ProjectionTest {
    /** Shows all keys but those called secret, with their values in capitals. */
    private static final Projection CAPITALS =
            new Projection() {
                @Override
                public String directory() {
                    return "/_app";
                }

                @Override
                public List<String> prefixes(String path) {
                    return List.of(path);
                }

                @Override
                public List<Item> files(List<Item> keys) {
                    return keys.stream()
                            .filter(k -> !k.path().endsWith("/secret"))
                            .map(k ->
                                    new Item(
                                            k.path(),
                                            k.value().toUpperCase(Locale.ROOT),
                                            k.createdAt(),
                                            k.modifiedAt()))
                            .toList();
                }
            };

    @TempDir Path directory;
    private EtcdServer server;
    private V2Client client;

    @BeforeEach
    void start() throws Exception {
        String clients = "http://127.0.0.1:" + FreePorts.next();
        String peers = "http://127.0.0.1:" + FreePorts.next();
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers);
        server = EtcdServer.start(command.config(), List.of(CAPITALS), _ -> {});
        client = V2Client.of(URI.create(clients)).awaitServing();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void call(String method, String json) throws Exception {
        var answer =
                client.send(
                        client.request("/v3/" + method)
                                .POST(BodyPublishers.ofString(json))
                                .build());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private void put(String key, String value) throws Exception {
        call("kv/put", "{\"key\":\"" + base64(key) + "\",\"value\":\"" + base64(value) + "\"}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void v2ReadsFilesAndDirectoriesMadeOfKeysOfV3() throws Exception {
        put("/_app/a/one", "x");
        put("/_app/a/two/deep", "y");
        put("/_app/a/secret", "z");
        long first = client.get("/v2/keys/_app/a/one").index();

        assertThat(client.get("/v2/keys/_app/a/one?quorum=true").body())
                .isEqualTo(
                        """
                        {"action":"get","node":{"key":"/_app/a/one","value":"X",\
                        "modifiedIndex":%1$d,"createdIndex":%1$d}}
                        """
                                .formatted(first));
        assertThat(client.get("/v2/keys/_app/a").body())
                .isEqualTo(
                        """
                        {"action":"get","node":{"key":"/_app/a","dir":true,"nodes":[\
                        {"key":"/_app/a/one","value":"X","modifiedIndex":%1$d,"createdIndex":%1$d},\
                        {"key":"/_app/a/two","dir":true,"modifiedIndex":%2$d,"createdIndex":%2$d}],\
                        "modifiedIndex":%1$d,"createdIndex":%1$d}}
                        """
                                .formatted(first, first + 1));
        var all = client.get("/v2/keys/_app/?recursive=true&sorted=true");
        assertThat(all.body()).contains("\"key\":\"/_app/a/two/deep\",\"value\":\"Y\"");
        assertThat(all.body()).doesNotContain("secret");
        assertThat(all.header("X-Etcd-Index")).isEqualTo(Long.toString(first + 2));
        assertThat(client.get("/v2/keys/_app/a/secret").body())
                .contains("\"errorCode\":100")
                .contains("\"cause\":\"/_app/a/secret\"");
    }

    @Test
    void projectionMayOnlyBeRead() throws Exception {
        put("/_app/a", "x");
        var written = client.put("/v2/keys/_app/b", "value=1");
        assertThat(written.status()).isEqualTo(400);
        assertThat(written.body()).contains("\"errorCode\":107").contains("keys of v3");
        assertThat(client.delete("/v2/keys/_app?recursive=true").status()).isEqualTo(400);
        assertThat(client.get("/v2/keys/_app/a?wait=true").body())
                .contains("\"errorCode\":209")
                .contains("wait");
        assertThat(client.get("/v2/keys/_app/a").body()).contains("\"X\"");
    }

    @Test
    void v2OwnDirectoryIsShownAndWrittenWhereItIsThereFirst() throws Exception {
        assertThat(client.get("/v2/keys/_app").status()).isEqualTo(404);
        assertThat(client.put("/v2/keys/_app/mine", "value=1").status()).isEqualTo(201);
        put("/_app/a", "x");
        assertThat(client.get("/v2/keys/_app/a").status()).isEqualTo(404);
        assertThat(client.put("/v2/keys/_app/mine", "value=2").status()).isEqualTo(200);

        client.delete("/v2/keys/_app?recursive=true");
        assertThat(client.get("/v2/keys/_app/a").body()).contains("\"X\"");
    }

    @Test
    void whoMayNotReadTheKeysOfV3MayNotReadThemThroughV2() throws Exception {
        put("/_app/a", "x");
        call("auth/user/add", "{\"name\":\"root\",\"password\":\"pw\"}");
        call("auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        call("auth/enable", "{}");
        var denied = client.get("/v2/keys/_app/a");
        assertThat(denied.status()).isEqualTo(401);
        assertThat(denied.body()).contains("\"errorCode\":110").doesNotContain("X\"");
    }
}
