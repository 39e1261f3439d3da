package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.store.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The hash that HashKV gives, of a member that is stopped. */
@Command(
        name = "hashkv",
        description = "Hash what a stopped member holds, as its HashKV would.",
        footer = {"", "Example:", "  ${COMMAND-FULL-NAME} /var/lib/a"})
final class HashKvCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The member's data directory.")
    private Path dataDir = Path.of("");

    @Option(
            names = "--rev",
            defaultValue = "0",
            paramLabel = "N",
            description = "Revision to hash; 0: the newest.")
    private long revision;

    @Mixin private OutputFlag output = new OutputFlag();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Output form = output.chosen(spec);
        ContentHash hash;
        try (var offline = OfflineStore.open(dataDir)) {
            hash = offline.store().contentHash(revision);
        } catch (RefusedException e) {
            throw new IOException("--rev: " + e.getMessage(), e);
        }
        var values =
                List.of(
                        value("hash", "Hash", "HASH", Integer.toUnsignedLong(hash.hash())),
                        value("hashRevision", "HashRevision", "HASH REVISION", hash.revision()),
                        value(
                                "compactRevision",
                                "CompactRevision",
                                "COMPACT REVISION",
                                hash.compactRevision()));
        spec.commandLine().getOut().println(form.of(values));
        return 0;
    }

    private static Output.Value value(String json, String field, String heading, long number) {
        return new Output.Value(json, field, heading, number, Long.toString(number));
    }
}
