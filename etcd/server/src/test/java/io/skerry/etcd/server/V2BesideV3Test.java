package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two APIs share revisions but not keys. */
class V2BesideV3Test {
    @TempDir Path directory;

    @Test
    void v3NeitherSeesNorChangesWhatV2Keeps() throws Exception {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        try (var members = Members.ours(directory, 1, null).startAll();
                var client = V2Client.of(members.endpoint(0)).awaitServing()) {
            var etcdctl = new Etcdctl(members.endpoints(), null);
            client.put("/v2/keys/two", "value=2");
            etcdctl.out("put", "three", "3");
            etcdctl.out("put", "\u00ff\u00fe", "last");

            assertThat(etcdctl.out("get", "", "--prefix", "--keys-only")).doesNotContain("two");
            assertThat(etcdctl.out("get", "t", "--from-key", "--limit=1", "-w", "fields"))
                    .contains("\"Count\" : 2");
            assertThat(etcdctl.out("get", "", "--prefix", "--rev=3", "--keys-only").strip())
                    .isEqualTo("three");
            assertThat(etcdctl.out("del", "", "--from-key")).isEqualTo("2\n");
            assertThat(client.get("/v2/keys/two").body()).contains("\"value\":\"2\"");
            assertThat(client.get("/v2/keys/three").status()).isEqualTo(404);
        }
    }

    @Test
    void aWriteOfEitherMovesTheIndexOfBoth() throws Exception {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        try (var members = Members.ours(directory, 1, null).startAll();
                var client = V2Client.of(members.endpoint(0)).awaitServing()) {
            var etcdctl = new Etcdctl(members.endpoints(), null);
            long index = client.put("/v2/keys/x", "value=1").index();
            String put = etcdctl.out("put", "x", "1", "-w", "json");
            assertThat(put).contains("\"revision\":" + (index + 1));
            var answer = client.get("/v2/keys/x");
            assertThat(answer.header("X-Etcd-Index")).isEqualTo(Long.toString(index + 1));
            assertThat(answer.index()).isEqualTo(index);
            List.of("X-Raft-Index", "X-Raft-Term", "X-Etcd-Cluster-Id")
                    .forEach(name -> assertThat(answer.header(name)).isNotEmpty());
        }
    }
}
