package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.consensus.RestoredLog;
import io.skerry.etcd.server.membership.Beginning;
import io.skerry.etcd.server.membership.DataDirectory;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.store.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a member of a new cluster of a snapshot. */
@Command(
        name = "restore",
        sortOptions = false,
        description = "Make the data directory of a member of a new cluster of a snapshot.",
        footer = {
            "",
            "Each member is restored from the same file, with its own --name and --data-dir.",
            "",
            "Example:",
            "  skerry etcdutl snapshot restore backup.db --data-dir /var/lib/a"
        })
final class RestoreCommand implements Callable<Integer> {
    private static final String PEER_URL = "http://localhost:2380";

    @Parameters(paramLabel = "FILE", description = "The snapshot.")
    private Path file = Path.of("");

    @Option(
            names = "--name",
            defaultValue = "default",
            paramLabel = "NAME",
            description = "Name of the member (default: ${DEFAULT-VALUE}).")
    private String name = "default";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Directory to make; must not exist or be empty (default: NAME.etcd).")
    private @Nullable Path dataDir;

    @Option(
            names = "--initial-cluster",
            paramLabel = "NAME=URL,...",
            description = "All members of the new cluster (default: this one alone).")
    private @Nullable String initialCluster;

    @Option(
            names = "--initial-cluster-token",
            defaultValue = "etcd-cluster",
            paramLabel = "TOKEN",
            description = "Keeps clusters apart (default: ${DEFAULT-VALUE}).")
    private String token = "etcd-cluster";

    @Option(
            names = "--initial-advertise-peer-urls",
            split = ",",
            paramLabel = "URL",
            description = "Where other members find this one (default: " + PEER_URL + ").")
    private List<String> peerUrls = List.of(PEER_URL);

    @Option(
            names = "--skip-hash-check",
            description = "Take a file whose SHA-256 is missing or does not fit.")
    private boolean skipHashCheck;

    @Option(
            names = "--bump-revision",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "How much the revision moves on, so that it never goes back for watchers.")
    private long bumpRevision;

    @Option(
            names = "--mark-compacted",
            description = "Compact at the newest revision, so that watchers begin anew.")
    private boolean markCompacted;

    @Option(names = "--wal-dir", hidden = true)
    private @Nullable Path walDir;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        InitialCluster cluster;
        try {
            cluster = cluster();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Path target = dataDir == null ? Path.of(name + ".etcd") : dataDir;
        // Everything that could be wrong with the file is found before anything is written.
        Backup backup = Backup.check(file, skipHashCheck);
        refuseExisting(target);
        try (var directory = DataDirectory.open(target)) {
            directory.begin(new Beginning(cluster.memberId(name), false, cluster.list()));
            backup.restore(directory.store(), bumpRevision, markCompacted);
            RestoredLog.create(
                    directory.raft(),
                    Backup.RESTORED_INDEX,
                    cluster.members().keySet().stream().map(cluster::memberId).toList());
        }
        spec.commandLine()
                .getOut()
                .println(
                        "restored snapshot to %s: member %x of cluster %x at revision %d"
                                .formatted(
                                        target,
                                        cluster.memberId(name),
                                        cluster.clusterId(),
                                        backup.summary().revision() + bumpRevision));
        return 0;
    }

    private InitialCluster cluster() {
        if (walDir != null) {
            throw new IllegalArgumentException(
                    "--wal-dir: a log in a directory of its own is not supported; leave it out");
        }
        if (bumpRevision < 0) {
            throw new IllegalArgumentException(
                    "--bump-revision: " + bumpRevision + " must be 0 or more");
        }
        if (bumpRevision > 0 != markCompacted) {
            throw new IllegalArgumentException(
                    "--mark-compacted is required if --bump-revision is above 0, and refused"
                            + " otherwise");
        }
        String members =
                initialCluster != null
                        ? initialCluster
                        : String.join(",", peerUrls.stream().map(url -> name + "=" + url).toList());
        var cluster = InitialCluster.parse(token, members);
        cluster.requireUrls(name, peerUrls);
        return cluster;
    }

    private static void refuseExisting(Path target) throws IOException {
        if (Files.exists(target)) {
            try (var entries = Files.list(target)) {
                if (entries.findAny().isPresent()) {
                    throw new IOException(
                            "--data-dir: " + target + " is not empty; choose another");
                }
            }
        }
    }
}
