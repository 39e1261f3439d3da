package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.store.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a snapshot holds. */
@Command(
        name = "status",
        description = "Check a snapshot and tell what it holds.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} backup.db"})
final class StatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The snapshot.")
    private Path file = Path.of("");

    @Mixin private OutputFlag output = new OutputFlag();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Output form = output.chosen(spec);
        var summary = Backup.check(file, false).summary();
        long hash = Integer.toUnsignedLong(summary.hash());
        var values =
                List.of(
                        new Output.Value("hash", "Hash", "HASH", hash, Long.toHexString(hash)),
                        plain("revision", "Revision", "REVISION", summary.revision()),
                        plain("totalKey", "Keys", "TOTAL KEYS", summary.keys()),
                        new Output.Value(
                                "totalSize",
                                "Size",
                                "TOTAL SIZE",
                                summary.fileBytes(),
                                Output.size(summary.fileBytes())));
        spec.commandLine().getOut().println(form.of(values));
        return 0;
    }

    private static Output.Value plain(String json, String field, String heading, long number) {
        return new Output.Value(json, field, heading, number, Long.toString(number));
    }
}
