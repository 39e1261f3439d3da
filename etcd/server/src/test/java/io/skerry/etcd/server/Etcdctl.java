package io.skerry.etcd.server;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.base.tls.TlsFiles;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Debian's client of etcd against some endpoints. */
record Etcdctl(List<URI> endpoints, @Nullable TlsFiles tls) {

    Finished run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    Finished runWith(String stdin, String... arguments) throws Exception {
        var line = new ArrayList<String>();
        line.add("etcdctl");
        line.addAll(List.of(arguments));
        Command command =
                Command.of(line)
                        .stdin(stdin)
                        .timeout(Duration.ofSeconds(30))
                        .environment("ETCDCTL_API", "3")
                        .environment(
                                "ETCDCTL_ENDPOINTS",
                                endpoints.stream()
                                        .map(URI::toString)
                                        .collect(Collectors.joining(",")));
        if (tls != null) {
            command =
                    command.environment("ETCDCTL_CERT", tls.certificate().toString())
                            .environment("ETCDCTL_KEY", tls.key().toString())
                            .environment("ETCDCTL_CACERT", String.valueOf(tls.trustedCa()));
        }
        return command.run();
    }

    /** Standard output of a command that must succeed. */
    String out(String... arguments) throws Exception {
        return run(arguments).orThrow().stdout();
    }

    /** Waits until a linearizable read is served by every endpoint. */
    Etcdctl awaitHealthy() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!run("endpoint", "health").succeeded()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("the cluster did not become healthy");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return this;
    }
}
