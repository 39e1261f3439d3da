package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of a new cluster find each other by what they register in Debian's etcd. */
class DiscoveryTest {
    @TempDir private Path directory;
    private Members registry;
    private Members members;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    @BeforeEach
    void serveTheRegistry() throws Exception {
        registry =
                Members.theirs(Files.createDirectory(directory.resolve("registry")), 1)
                        .with("--enable-v2=true")
                        .startAll();
        new Etcdctl(registry.endpoints(), null).awaitHealthy();
        members = Members.ours(Files.createDirectory(directory.resolve("members")), 3, null);
    }

    @AfterEach
    void stop() {
        members.close();
        registry.close();
    }

    @Test
    void asManyAsTheUrlAsksForMakeTheClusterAndTheNextIsRefused() throws Exception {
        String url = registry.endpoint(0) + "/v2/keys/discovery/one";
        var answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(url + "/_config/size"))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .PUT(HttpRequest.BodyPublishers.ofString("value=2"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);

        findEachOther("--discovery", url);
    }

    @Test
    void asManyAsTheKeyAsksForMakeTheClusterAndTheNextIsRefused() throws Exception {
        new Etcdctl(registry.endpoints(), null).out("put", "/_etcd/registry/one/_config/size", "2");

        findEachOther(
                "--discovery-token",
                "one",
                "--discovery-endpoints",
                registry.endpoint(0).toString());
    }

    private void findEachOther(String... flags) throws Exception {
        members.start(0, "", "new", flags);
        members.start(1, "", "new", flags);
        var two = new Etcdctl(members.endpoints().subList(0, 2), null).awaitHealthy();
        assertThat(two.out("member", "list"))
                .hasLineCount(2)
                .contains(members.peerUrl(0), members.peerUrl(1));

        members.start(2, "", "new", flags);
        assertThat(members.process(2).waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(members.process(2).exitValue()).isNotZero();
        assertThat(members.log(2)).contains("discovery: cluster is full");

        // Who has data needs no registry any more.
        registry.close();
        members.kill(0);
        members.start(0, "", "new", flags);
        new Etcdctl(List.of(members.endpoint(0)), null).awaitHealthy();
    }
}
