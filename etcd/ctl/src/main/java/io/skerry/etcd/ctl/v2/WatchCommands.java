package io.skerry.etcd.ctl.v2;

import static io.skerry.etcd.ctl.v2.V2Store.form;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.process.ChildProgram;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.Map;

/** The commands that wait for changes. */
final class WatchCommands {
    private static final Flag AFTER =
            Flag.number("after-index", 0, "only what comes after this index");
    private static final Flag RECURSIVE =
            Flag.on("recursive", "the key and all below it").letter('r');

    static final List<Flag> WATCH_FLAGS =
            List.of(Flag.on("forever", "not only the first change").letter('f'), AFTER, RECURSIVE);
    static final List<Flag> EXEC_FLAGS = List.of(AFTER, RECURSIVE);

    private WatchCommands() {}

    /** What is done with a change. */
    private interface Reaction {
        void to(V2Answer change) throws CtlFailure, InterruptedException;
    }

    static void watch(V2Invocation line) throws CtlFailure, InterruptedException {
        String key = line.key();
        follow(
                line,
                key,
                line.on("forever"),
                change -> {
                    if (line.on("recursive")) {
                        line.line("[%s] %s".formatted(change.action(), change.node().key()));
                    }
                    line.print(change);
                });
    }

    /** Runs a program for each change. */
    static void exec(V2Invocation line) throws CtlFailure, InterruptedException {
        if (line.words().size() < 2) {
            throw V2Failure.words("key and command to exec required");
        }
        List<String> program = line.words().subList(1, line.words().size());
        follow(
                line,
                line.key(),
                true,
                change -> {
                    var variables =
                            Map.of(
                                    "ETCD_WATCH_ACTION",
                                    change.action(),
                                    "ETCD_WATCH_MODIFIED_INDEX",
                                    Long.toString(change.node().modifiedIndex()),
                                    "ETCD_WATCH_KEY",
                                    ByteText.ofText(change.node().key()),
                                    "ETCD_WATCH_VALUE",
                                    ByteText.ofText(change.node().value()));
                    int status = ChildProgram.start(program, variables, line.console()).awaitEnd();
                    if (status != 0) {
                        line.console()
                                .err()
                                .line("%s: exit status %d".formatted(program.getFirst(), status));
                    }
                });
    }

    private static void follow(V2Invocation line, String key, boolean forever, Reaction reaction)
            throws CtlFailure, InterruptedException {
        long after = line.given().number("after-index");
        boolean more = true;
        while (more) {
            var query = form("wait", "true");
            if (line.on("recursive")) {
                query.put("recursive", "true");
            }
            if (after > 0) {
                query.put("waitIndex", Long.toString(after + 1));
            }
            V2Answer change = line.store().wait(key, query);
            after = change.node().modifiedIndex();
            if (change.node().dir()) {
                line.console().err().line("Ignored dir %s change".formatted(change.node().key()));
                continue;
            }
            reaction.to(change);
            more = forever;
        }
    }
}
