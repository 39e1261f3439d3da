package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        var drained = new Drained(session, machines);
        ClusterMirror mirror = drained.follower.follow(drained, waiting.limit());
        return drained.content() ? 0 : drained.giveUp(mirror);
    }

    /** Tells how the machines get rid of their units. */
    private static final class Drained implements FeedFollower.Onlooker {
        private final Session session;
        private final FeedFollower follower;
        private final List<Machine> left;
        private final Legend legend;
        private final Map<String, Integer> told = new HashMap<>();
        private Duration nextProgress = PROGRESS;

        Drained(Session session, List<Machine> machines)
                throws CtlException, IOException, InterruptedException {
            this.session = session;
            this.follower = new FeedFollower(session.api());
            this.left = new ArrayList<>(machines);
            this.legend = new Legend(machines);
        }

        @Override
        public Collection<String> units() {
            return List.of();
        }

        @Override
        public boolean content() {
            return left.isEmpty();
        }

        @Override
        public @Nullable Duration nextLook() {
            return nextProgress;
        }

        @Override
        public void look(ClusterMirror mirror) {
            if (!mirror.synced()) {
                return;
            }
            left.removeIf(machine -> {
                boolean done = mirror.unitsOn(machine.id()).isEmpty();
                if (done) {
                    session.out().println("Machine " + name(machine) + " is drained");
                    session.out().flush();
                }
                return done;
            });
            if (follower.passed(nextProgress) && !follower.timeIsUp()) {
                nextProgress = follower.elapsed().plus(PROGRESS);
                left.forEach(machine -> progress(machine, mirror));
            }
        }

        private void progress(Machine machine, ClusterMirror mirror) {
            int units = mirror.unitsOn(machine.id()).size();
            Integer before = told.put(machine.id(), units);
            if (before == null || before != units) {
                String count = units + (units == 1 ? " unit" : " units");
                session.err().println("Machine " + name(machine) + " has " + count + " left");
                session.err().flush();
            }
        }

        int giveUp(ClusterMirror mirror) {
            for (Machine machine : left) {
                String units =
                        mirror.synced()
                                ? String.join(", ", mirror.unitsOn(machine.id()))
                                : "units of which nothing is known";
                session.err()
                        .println(
                                "Machine "
                                        + name(machine)
                                        + " still has "
                                        + units
                                        + "; gave up waiting");
            }
            return 1;
        }

        private String name(Machine machine) {
            return legend.machine(machine.id(), false);
        }
    }
}
