package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ListenAddressesTest {
    @TempDir Path directory;

    @Test
    void startThatFailsForAPortLeavesNoDataDirectory() throws Exception {
        Path data = directory.resolve("data");
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next()));
            String inUse = "http://127.0.0.1:" + taken.getLocalPort();
            String free = "http://127.0.0.1:" + FreePorts.next();

            refuses(data, inUse, free, inUse + ": it is in use", "--listen-client-urls");
            refuses(data, free, inUse, "for peers at", "it is in use", "--listen-peer-urls");
            refuses(data, "http://192.0.2.1:2379", free, "does not have that address");
            refuses(data, "http://no.such.invalid:2379", free, "no.such.invalid is not known");
        }
        assertThat(data).doesNotExist();
    }

    private static void refuses(Path data, String clients, String peers, String... words) {
        assertThatThrownBy(() -> start(data, clients, peers).close())
                .isInstanceOf(IOException.class)
                .message()
                .contains(words);
    }

    private static EtcdServer start(Path data, String clients, String peers) throws IOException {
        var command = new EtcdCommand();
        new CommandLine(command)
                .parseArgs(
                        "--data-dir=" + data,
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers);
        return EtcdServer.start(command.config(), reason -> {});
    }
}
