package io.skerry.node.cli;

import io.skerry.base.net.FreePorts;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.EtcdCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A member of the store as a process of its own, alone in its cluster.
 *
 * @param environment by which etcdctl reaches it
 */
record OwnMember(String url, Map<String, String> environment, Process process)
        implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;

    /** Returns when it serves. */
    static OwnMember start(Path directory, String... flags)
            throws IOException, InterruptedException {
        return start(directory, "http", Map.of(), flags);
    }

    /** One that asks for certificates; {@code client} is the files of one that may come. */
    static OwnMember startSecure(Path directory, TlsFiles server, TlsFiles client)
            throws IOException, InterruptedException {
        return start(
                directory,
                "https",
                Map.of(
                        "ETCDCTL_CACERT", String.valueOf(client.trustedCa()),
                        "ETCDCTL_CERT", client.certificate().toString(),
                        "ETCDCTL_KEY", client.key().toString()),
                "--cert-file=" + server.certificate(),
                "--key-file=" + server.key(),
                "--trusted-ca-file=" + server.trustedCa(),
                "--client-cert-auth");
    }

    private static OwnMember start(
            Path directory, String scheme, Map<String, String> files, String... flags)
            throws IOException, InterruptedException {
        int client = FreePorts.next();
        String clientUrl = scheme + "://127.0.0.1:" + client;
        var environment = OwnEtcdctl.environment(clientUrl);
        environment.putAll(files);
        String peerUrl = "http://127.0.0.1:" + FreePorts.next();
        var command =
                new ArrayList<String>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EtcdCommand.class.getName(),
                                "--name=m",
                                "--data-dir=" + directory.resolve("m" + client),
                                "--listen-client-urls=" + clientUrl,
                                "--advertise-client-urls=" + clientUrl,
                                "--listen-peer-urls=" + peerUrl,
                                "--initial-advertise-peer-urls=" + peerUrl,
                                "--initial-cluster=m=" + peerUrl));
        command.addAll(List.of(flags));
        var log = directory.resolve("m" + client + ".log").toFile();
        var member =
                new OwnMember(
                        clientUrl,
                        environment,
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(log)
                                .start());
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (member.run("endpoint", "health").status() != 0) {
            if (System.nanoTime() - until > 0) {
                member.close();
                throw new AssertionError("the member does not serve; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return member;
    }

    /** Runs a command line of our etcdctl against it. */
    OwnEtcdctl.Said run(String... words) {
        return OwnEtcdctl.start(environment, "", List.of(words)).end();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
