package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.check.Observations;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;
import java.util.List;
import java.util.Map;

/** What both checks take, and what they do before and after they write. */
final class CheckFlags {
    private static final Map<String, String> LOADS =
            Map.of(
                    "s", "s", "small", "s", "m", "m", "medium", "m", "l", "l", "large", "l", "xl",
                    "xl", "xLarge", "xl");

    private CheckFlags() {}

    static List<Flag> of(String prefix) {
        return List.of(
                Flag.text("load", "s", "how much: s(mall), m(edium), l(arge) or xl"),
                Flag.text("prefix", prefix, "what the written keys begin with; none may be there"),
                Flag.on("auto-compact", "drop the history of the written keys afterwards"),
                Flag.on("auto-defrag", "give back the disk space afterwards"));
    }

    /** The load that is meant. */
    static <L> L load(Invocation invocation, Map<String, L> byName) throws CtlFailure {
        String given = invocation.given().text("load");
        String name = LOADS.get(given);
        L load = name == null ? null : byName.get(name);
        if (load == null) {
            throw new CtlFailure(ExitStatus.BAD_FEATURE, "unknown load option " + given);
        }
        return load;
    }

    /** Refuses a prefix that has keys: they would be deleted in the end. */
    static String unusedPrefix(Invocation invocation, Remote remote)
            throws CtlFailure, InterruptedException {
        String prefix = invocation.given().text("prefix");
        if (prefix.isEmpty()) {
            throw CtlFailure.arguments("--prefix must not be empty: its keys are deleted");
        }
        var request =
                RangeRequest.newBuilder()
                        .setKey(ByteText.bytes(prefix))
                        .setRangeEnd(ByteText.bytes(ByteText.prefixEnd(prefix)))
                        .setLimit(1)
                        .setKeysOnly(true)
                        .build();
        if (remote.read(EtcdMethods.RANGE, request).getKvsCount() > 0) {
            throw new CtlFailure(
                    ExitStatus.INVALID_INPUT,
                    "prefix %s has keys. Delete with etcdctl del --prefix %s first"
                            .formatted(Quoting.quote(prefix), prefix));
        }
        return prefix;
    }

    /** Deletes what was written and, if asked for, gives back its space. */
    static void cleanUp(Invocation invocation, Remote remote, String prefix)
            throws CtlFailure, InterruptedException {
        var delete =
                DeleteRangeRequest.newBuilder()
                        .setKey(ByteText.bytes(prefix))
                        .setRangeEnd(ByteText.bytes(ByteText.prefixEnd(prefix)))
                        .build();
        var deleted =
                remote.call(
                        EtcdMethods.DELETE_RANGE, delete, Remote.Effect.READS, ExitStatus.ERROR);
        if (invocation.on("auto-compact")) {
            long revision = deleted.getHeader().getRevision();
            invocation.line("Compacting with revision " + revision);
            var compaction =
                    CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build();
            remote.write(EtcdMethods.COMPACT, compaction);
            invocation.line("Compacted with revision " + revision);
        }
        if (invocation.on("auto-defrag")) {
            List<String> failures =
                    new EachEndpoint(
                                    invocation,
                                    invocation.settings().endpoints(),
                                    "Failed to defragment etcd member[%s] (%s)")
                            .ask(
                                    EtcdMethods.DEFRAGMENT,
                                    DefragmentRequest.getDefaultInstance(),
                                    Remote.Effect.READS,
                                    (endpoint, _) ->
                                            invocation.line(
                                                    "Defragmented " + Quoting.quote(endpoint)));
            if (!failures.isEmpty()) {
                throw CtlFailure.told(ExitStatus.ERROR);
            }
        }
    }

    /** Tells of writes that failed; true: there were none. */
    static boolean withoutErrors(Invocation invocation, Observations seen) {
        if (seen.errors().isEmpty()) {
            return true;
        }
        invocation.line("FAIL: too many errors");
        seen.errors()
                .forEach((error, count) ->
                        invocation.line("FAIL: ERROR(%s) -> %d".formatted(error, count)));
        return false;
    }
}
