package io.skerry.etcd.client;

import io.skerry.base.net.FreePorts;
import io.skerry.base.process.Command;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Debian's etcd on loopback with a data directory of its own. */
final class RealEtcd implements AutoCloseable {
    private final Path directory;
    private final @Nullable TlsFiles tls;
    private final int clientPort;
    private final int peerPort;
    private @Nullable Process process;

    RealEtcd(Path directory, @Nullable TlsFiles tls) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/etcd"))) {
            throw new IllegalStateException(
                    "these tests need Debian's etcd: apt-get install etcd-server etcd-client");
        }
        this.directory = directory;
        this.tls = tls;
        clientPort = FreePorts.next();
        peerPort = FreePorts.next();
        start();
    }

    URI uri() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + clientPort);
    }

    EtcdEndpoints endpoints(@Nullable TlsFiles client) {
        return new EtcdEndpoints(List.of(uri()), client, Duration.ofSeconds(60));
    }

    void start() throws IOException {
        String peers = "http://127.0.0.1:" + peerPort;
        var command =
                new ArrayList<>(
                        List.of(
                                "/usr/bin/etcd",
                                "--name=test",
                                "--data-dir=" + directory.resolve("data"),
                                "--listen-client-urls=" + uri(),
                                "--advertise-client-urls=" + uri(),
                                "--listen-peer-urls=" + peers,
                                "--initial-advertise-peer-urls=" + peers,
                                "--initial-cluster=test=" + peers));
        if (tls != null) {
            command.add("--cert-file=" + tls.certificate());
            command.add("--key-file=" + tls.key());
            if (tls.clientCertificateRequired()) {
                // An authority alone makes etcd ask for certificates, too.
                command.add("--trusted-ca-file=" + tls.trustedCa());
                command.add("--client-cert-auth");
            }
        }
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("etcd.log").toFile()))
                        .start();
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    void restart() throws IOException, InterruptedException {
        kill();
        start();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process running = process;
        if (running != null) {
            Command.of("kill", "-" + name, Long.toString(running.pid())).check();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }
}
