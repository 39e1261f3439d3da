package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.CompactionRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.GoNumbers;
import java.util.List;

/** Drops the history before a revision. */
public final class CompactionCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] REVISION";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("physical", "wait until it is off the disk"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String word = invocation.onlyWord("compaction command needs 1 argument");
        long revision;
        try {
            revision = GoNumbers.parseLong(word, 10);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.error(e.words());
        }
        var request =
                CompactionRequest.newBuilder()
                        .setRevision(revision)
                        .setPhysical(invocation.on("physical"))
                        .build();
        try (var remote = invocation.connect()) {
            remote.write(EtcdMethods.COMPACT, request);
            invocation.line("compacted revision " + revision);
        }
    }
}
