package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "drain",
        description = {
            "Moves all units off machines and keeps new ones away.",
            "A unit starts elsewhere before it stops here, unless its file says Overlap=false."
                    + " Global units stay."
        },
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} 10.88.0.12",
            "  ${COMMAND-FULL-NAME} --no-block 1111 2222"
        })
final class DrainCommand extends MachinesAction {
    private static final Duration PAUSE_BEFORE_RECONNECT = Duration.ofMillis(200);

    /** After so long without any feed the waiting ends. */
    private static final Duration LOST = Duration.ofSeconds(60);

    private static final Duration PROGRESS = Duration.ofSeconds(1);

    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var api = session.api();
        var machines = machines(api);
        for (Machine machine : machines) {
            api.drain(machine, true);
        }
        return waiting.noBlock() ? 0 : await(session, machines);
    }

    private int await(Session session, List<Machine> machines)
            throws CtlException, IOException, InterruptedException {
        var left = new ArrayList<>(machines);
        var legend = new Legend(machines);
        var mirror = new ClusterMirror();
        long start = System.nanoTime();
        long lastNews = start;
        long lastProgress = start;
        Map<String, Integer> told = new HashMap<>();
        @Nullable Duration limit = waiting.limit();
        while (!left.isEmpty()) {
            try (var feed = new Feed(session.api().watch(List.of()))) {
                mirror.restart();
                while (!left.isEmpty()) {
                    WatchEvent event = feed.next(sooner(PROGRESS, limit, start));
                    while (event != null) {
                        lastNews = System.nanoTime();
                        mirror.apply(event);
                        event = feed.next(Duration.ZERO);
                    }
                    if (mirror.synced()) {
                        left.removeIf(machine -> isDone(session, machine, mirror, legend));
                        if (!left.isEmpty() && passed(limit, start)) {
                            return giveUp(session, left, mirror, legend);
                        }
                        if (System.nanoTime() - lastProgress > PROGRESS.toNanos()) {
                            lastProgress = System.nanoTime();
                            left.forEach(m -> progress(session, m, mirror, legend, told));
                        }
                    }
                }
            } catch (IOException e) {
                session.api().giveUpOnHost();
                if (passed(limit, start)) {
                    return giveUp(session, left, mirror, legend);
                }
                if (System.nanoTime() - lastNews > LOST.toNanos()) {
                    throw CtlException.failed("lost the fleet API: " + e.getMessage());
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_BEFORE_RECONNECT.toMillis());
            }
        }
        return 0;
    }

    private static boolean passed(@Nullable Duration limit, long start) {
        return limit != null && System.nanoTime() - start >= limit.toNanos();
    }

    private static Duration sooner(Duration wait, @Nullable Duration limit, long start) {
        if (limit == null) {
            return wait;
        }
        var left = limit.minusNanos(System.nanoTime() - start).plusMillis(1);
        return left.compareTo(wait) < 0 ? (left.isPositive() ? left : Duration.ZERO) : wait;
    }

    private static boolean isDone(
            Session session, Machine machine, ClusterMirror mirror, Legend legend) {
        if (!mirror.unitsOn(machine.id()).isEmpty()) {
            return false;
        }
        session.out().println("Machine " + legend.machine(machine.id(), false) + " is drained");
        session.out().flush();
        return true;
    }

    private static void progress(
            Session session,
            Machine machine,
            ClusterMirror mirror,
            Legend legend,
            Map<String, Integer> told) {
        int units = mirror.unitsOn(machine.id()).size();
        Integer before = told.put(machine.id(), units);
        if (before == null || before != units) {
            session.err()
                    .println(
                            "Machine "
                                    + legend.machine(machine.id(), false)
                                    + " has "
                                    + units
                                    + (units == 1 ? " unit" : " units")
                                    + " left");
            session.err().flush();
        }
    }

    private static int giveUp(
            Session session, List<Machine> left, ClusterMirror mirror, Legend legend) {
        for (Machine machine : left) {
            SortedSet<String> units = mirror.unitsOn(machine.id());
            session.err()
                    .println(
                            "Machine "
                                    + legend.machine(machine.id(), false)
                                    + " still has "
                                    + String.join(", ", units)
                                    + "; gave up waiting");
        }
        return 1;
    }
}
