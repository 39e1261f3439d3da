package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class V2MembersTest {
    @TempDir Path directory;

    /** Etcdctl asks for them before each command. */
    @Test
    void clientsLearnTheUrlsOfAMemberThatServesButCannotYetWriteItsLog() throws Exception {
        String clients = "http://127.0.0.1:" + FreePorts.next();
        String peers = "http://127.0.0.1:" + FreePorts.next();
        String absent = "http://127.0.0.1:" + FreePorts.next();
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        "--name=a",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=a=" + peers + ",b=" + absent);
        try (var _ = EtcdServer.start(command.config(), reason -> {});
                var client = V2Client.of(URI.create(clients))) {
            assertThat(client.get("/v2/members").body())
                    .contains("\"clientURLs\":[\"" + clients + "\"]")
                    .contains("\"clientURLs\":[]");
            assertThat(client.get("/v2/machines").body()).isEqualTo(clients);
        }
    }
}
