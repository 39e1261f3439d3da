package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.answer.RangeAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.process.ChildProgram;
import io.skerry.etcd.ctl.recipe.Session;
import io.skerry.etcd.ctl.recipe.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a lock and holds it while a program runs, or until it is interrupted. The lock is never
 * given back while the program runs.
 */
public final class LockCommand implements Command {
    /** What etcd's sessions live without a renewal if nothing is said. */
    static final Duration DEFAULT_SESSION = Duration.ofSeconds(60);

    @Override
    public String usage() {
        return "[FLAGS] NAME [-- PROGRAM ARGUMENT...]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Flag.number("ttl", 10, "seconds after which a holder that went silent loses it"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.isEmpty()) {
            throw CtlFailure.arguments(
                    "lock takes a lock name argument and an optional command to execute");
        }
        long seconds = invocation.given().number("ttl");
        Duration ttl = seconds > 0 ? Duration.ofSeconds(seconds) : DEFAULT_SESSION;
        List<String> program = words.subList(1, words.size());
        try (var remote = invocation.connect();
                var session = Session.open(remote, ttl)) {
            var running = new ProgramUnderLock(session);
            invocation.console().interrupts().accept(running::end);
            Turn turn = Turn.queue(remote, session, words.getFirst(), "");
            var own = turn.await();
            if (program.isEmpty()) {
                invocation.print(new RangeAnswer(own));
                session.awaitEnd();
                return;
            }
            var variables =
                    Map.of(
                            "ETCD_LOCK_KEY",
                            turn.key(),
                            "ETCD_LOCK_REV",
                            Long.toString(own.getHeader().getRevision()));
            int status = running.run(program, variables, invocation);
            if (session.expired()) {
                throw CtlFailure.error("session expired while the program ran");
            }
            if (status != 0) {
                throw CtlFailure.told(status);
            }
        }
    }

    /** Ends in this order, whoever ends it: the program, then the session. */
    private static final class ProgramUnderLock {
        private final Session session;
        private @Nullable ChildProgram program;
        private boolean ended;

        ProgramUnderLock(Session session) {
            this.session = session;
        }

        int run(List<String> line, Map<String, String> variables, Invocation invocation)
                throws CtlFailure, InterruptedException {
            ChildProgram started;
            synchronized (this) {
                if (ended) {
                    throw CtlFailure.error("interrupted");
                }
                started = ChildProgram.start(line, variables, invocation.console());
                program = started;
            }
            return started.awaitEnd();
        }

        synchronized void end() {
            ended = true;
            if (program != null) {
                program.end();
            }
            session.close();
        }
    }
}
