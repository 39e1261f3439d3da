package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.store.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives space back to the disk. */
@Command(
        name = "defrag",
        description = "Give the space that a stopped member does not need back to the disk.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} --data-dir /var/lib/a"})
final class DefragCommand implements Callable<Integer> {
    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "The member's directory.")
    private Path dataDir = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try (var offline = OfflineStore.open(dataDir)) {
            offline.store().defragment();
        } catch (RefusedException e) {
            throw new IOException(
                    "the disk of " + dataDir + " is full, it has not even room for a first step",
                    e);
        }
        spec.commandLine().getOut().println("Finished defragmenting directory " + dataDir);
        return 0;
    }
}
