package io.skerry.etcd.server;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Debian's client of etcd against some endpoints. */
record Etcdctl(List<URI> endpoints, @Nullable TlsFiles tls) {
    /** Its own is five seconds, which elections and syncs of a busy machine may take. */
    private static final String COMMAND_TIMEOUT = "30s";

    /** A check of its own writes ten thousand values. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Its own is two seconds, which a connection over TLS may take. */
    private static final String DIAL_TIMEOUT = "10s";

    Finished run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    Finished runWith(String stdin, String... arguments) throws Exception {
        Command command = Command.of(line(arguments)).stdin(stdin).timeout(LONGEST);
        for (var variable : environment(arguments).entrySet()) {
            command = command.environment(variable.getKey(), variable.getValue());
        }
        return command.run();
    }

    /** Starts a command that goes on until it is ended. */
    RunningEtcdctl start(String... arguments) throws IOException {
        return RunningEtcdctl.start(line(arguments), environment(arguments));
    }

    private static List<String> line(String... arguments) {
        var line = new ArrayList<String>();
        line.add("etcdctl");
        line.addAll(List.of(arguments));
        return line;
    }

    private Map<String, String> environment(String... arguments) {
        var environment = new HashMap<String, String>();
        // A variable beside the flag of the same name is an error to it.
        if (Stream.of(arguments).noneMatch(word -> word.startsWith("--command-timeout"))) {
            environment.put("ETCDCTL_COMMAND_TIMEOUT", COMMAND_TIMEOUT);
        }
        if (Stream.of(arguments).noneMatch(word -> word.startsWith("--dial-timeout"))) {
            environment.put("ETCDCTL_DIAL_TIMEOUT", DIAL_TIMEOUT);
        }
        environment.put("ETCDCTL_API", "3");
        environment.put(
                "ETCDCTL_ENDPOINTS",
                endpoints.stream().map(URI::toString).collect(Collectors.joining(",")));
        if (tls != null) {
            environment.put("ETCDCTL_CERT", tls.certificate().toString());
            environment.put("ETCDCTL_KEY", tls.key().toString());
            environment.put("ETCDCTL_CACERT", String.valueOf(tls.trustedCa()));
        }
        return environment;
    }

    /** Standard output of a command that must succeed. */
    String out(String... arguments) throws Exception {
        return run(arguments).orThrow().stdout();
    }

    /** Waits until a linearizable read is served by every endpoint. */
    Etcdctl awaitHealthy() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        var health =
                new String[] {"endpoint", "health", "--command-timeout=5s", "--dial-timeout=5s"};
        while (!run(health).succeeded()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("the cluster did not become healthy");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return this;
    }
}
