package io.skerry.node.cli;

import io.skerry.base.net.FreePorts;
import io.skerry.etcd.server.EtcdCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member of the store as a process of its own, alone in its cluster. */
record OwnMember(String url, Process process) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;

    /** Returns when it serves. */
    static OwnMember start(Path directory, String... flags)
            throws IOException, InterruptedException {
        int client = FreePorts.next();
        String clientUrl = "http://127.0.0.1:" + client;
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
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(log)
                                .start());
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (OwnEtcdctl.run(clientUrl, "", List.of("endpoint", "health")).status() != 0) {
            if (System.nanoTime() - until > 0) {
                member.close();
                throw new AssertionError("the member does not serve; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return member;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
