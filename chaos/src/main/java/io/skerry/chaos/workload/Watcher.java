package io.skerry.chaos.workload;

import io.skerry.chaos.history.WatchLog;
import java.util.List;

/** Watches, now at one member and then on at another. */
final class Watcher implements Workload.Runner {
    private static final List<String> PREFIXES =
            List.of("", WorkloadKeys.TRANSACTIONS, WorkloadKeys.REGISTERS);
    private static final int SHORTEST_MILLIS = 300;
    private static final int LONGEST_MILLIS = 8_000;
    private static final int PATIENCE_MILLIS = 500;

    /** For {@link Workload}. */
    Watcher() {}

    @Override
    public void run(ClientContext context) throws InterruptedException {
        String prefix = PREFIXES.get(context.number() % PREFIXES.size());
        long next = 1;
        while (!context.stopped()) {
            int member = context.anyMember();
            long until =
                    context.now()
                            + 1_000_000L
                                    * (SHORTEST_MILLIS + context.random().nextInt(LONGEST_MILLIS));
            try (var stream = new WatchStream(context.member(member), prefix, next)) {
                boolean alive = true;
                while (alive && context.now() < until && !context.stopped()) {
                    alive = stream.take(PATIENCE_MILLIS);
                    if (context.random().nextInt(20) == 0) {
                        stream.askForProgress();
                    }
                }
                context.history()
                        .add(
                                new WatchLog(
                                        context.number(),
                                        "m" + member,
                                        prefix,
                                        next,
                                        stream.responses()));
                next = stream.next();
            }
            context.pause();
        }
    }
}
