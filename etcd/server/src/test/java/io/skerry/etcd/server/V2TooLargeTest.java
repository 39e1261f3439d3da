package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class V2TooLargeTest {
    @TempDir private Path directory;

    @Test
    void whatIsTooLargeForTheLogFailsWithCode300() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll();
                var client = V2Client.of(members.endpoint(0)).awaitServing()) {
            var refused = client.put("/v2/keys/a", "value=" + "x".repeat(1_600_000));
            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.body())
                    .isEqualTo(
                            "{\"errorCode\":300,\"message\":\"Raft Internal Error\","
                                    + "\"cause\":\"etcdserver: request is too large\","
                                    + "\"index\":0}\n");
            assertThat(client.put("/v2/keys/a", "value=1").status()).isEqualTo(201);
        }
    }
}
