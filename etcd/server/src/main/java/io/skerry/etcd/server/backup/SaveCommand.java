package io.skerry.etcd.server.backup;

import io.skerry.base.file.WholeFile;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.store.Backup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Saves a snapshot of a member that serves. */
@Command(
        name = "save",
        sortOptions = false,
        description = "Save a snapshot of a member while it serves.",
        footer = {
            "",
            "Example:",
            "  skerry etcdutl snapshot save backup.db --endpoints http://127.0.0.1:2379"
        })
final class SaveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    @Option(
            names = "--endpoints",
            split = ",",
            defaultValue = "127.0.0.1:2379",
            paramLabel = "URL",
            description = "Members to ask, in turn (default: ${DEFAULT-VALUE}).")
    private List<String> endpoints = List.of();

    @Option(names = "--cacert", paramLabel = "FILE", description = "Authority of the server.")
    private @Nullable Path caFile;

    @Option(names = "--cert", paramLabel = "FILE", description = "Own certificate.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path key;

    @Option(
            names = "--dial-timeout",
            defaultValue = "2",
            paramLabel = "SECONDS",
            description = "How long to wait for a connection (default: ${DEFAULT-VALUE}).")
    private long dialTimeoutSeconds = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var uris = endpoints.stream().map(this::uri).toList();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (var network = Network.start(1);
                var transport =
                        new NetworkTransport(
                                network,
                                new NetworkTransport.Options(
                                        uris,
                                        tls(),
                                        Map.of(),
                                        Integer.MAX_VALUE,
                                        Duration.ofSeconds(dialTimeoutSeconds)))) {
            SnapshotDownload.save(transport, part);
            // What was received is what was sent, or the file gets no name.
            Backup.check(part, false);
            WholeFile.name(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
        spec.commandLine().getOut().println("Snapshot saved at " + file);
        return 0;
    }

    private URI uri(String endpoint) {
        String url =
                endpoint.contains("://")
                        ? endpoint
                        : (caFile != null || certificate != null ? "https://" : "http://")
                                + endpoint;
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--endpoints: \"" + endpoint + "\" is no URL", e);
        }
    }

    private @Nullable TlsFiles tls() {
        if (caFile == null && certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new ParameterException(
                    spec.commandLine(), "--cert and --key must be given with --cacert");
        }
        return new TlsFiles(certificate, key, caFile, false);
    }
}
