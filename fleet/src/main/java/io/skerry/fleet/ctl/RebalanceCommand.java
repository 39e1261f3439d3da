package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitMove;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rebalance",
        description = {
            "Moves units from the fullest machines to the emptiest.",
            "A unit starts on its new machine before it stops on the old one. Few are moved, and"
                    + " none that says Overlap=false or is tied to others."
        },
        footer = {"", "Examples:", "  ${COMMAND-FULL-NAME} --dry-run", "  ${COMMAND-FULL-NAME}"})
final class RebalanceCommand extends CtlAction {
    /** After that time a unit that has not begun to move does not: the cluster has changed. */
    private static final Duration STAYS = Duration.ofSeconds(10);

    @Option(names = "--dry-run", description = "Only tell which units would be moved.")
    private boolean dryRun;

    @Mixin private Waiting waiting = new Waiting();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        waiting.check();
        var api = session.api();
        var moves = dryRun ? api.plannedMoves() : api.rebalance();
        var legend = new Legend(api.machines());
        for (UnitMove move : moves) {
            session.out()
                    .println(
                            "Unit "
                                    + move.unit()
                                    + (dryRun ? " would move from " : " moves from ")
                                    + legend.machine(move.from(), false)
                                    + " to "
                                    + legend.machine(move.to(), false));
        }
        if (moves.isEmpty()) {
            session.out().println("No unit has to move");
        }
        session.out().flush();
        if (dryRun || waiting.noBlock() || moves.isEmpty()) {
            return 0;
        }
        var moved = new Moved(session, moves, legend);
        ClusterMirror mirror = moved.follower.follow(moved, waiting.limit());
        return moved.end(mirror);
    }

    /** Waits until each unit runs on its new machine alone, or has not begun to move. */
    private static final class Moved implements FeedFollower.Onlooker {
        private final Session session;
        private final FeedFollower follower;
        private final List<UnitMove> left;
        private final Legend legend;
        private int failures;

        Moved(Session session, List<UnitMove> moves, Legend legend)
                throws CtlException, IOException, InterruptedException {
            this.session = session;
            this.follower = new FeedFollower(session.api());
            this.left = new ArrayList<>(moves);
            this.legend = legend;
        }

        @Override
        public Collection<String> units() {
            return left.stream().map(UnitMove::unit).toList();
        }

        @Override
        public boolean content() {
            return left.isEmpty();
        }

        @Override
        public @Nullable Duration nextLook() {
            return follower.passed(STAYS) ? null : STAYS;
        }

        @Override
        public void look(ClusterMirror mirror) {
            if (mirror.synced()) {
                left.removeIf(move -> isOver(move, mirror));
            }
        }

        private boolean isOver(UnitMove move, ClusterMirror mirror) {
            var unit = mirror.unit(move.unit());
            if (unit == null || unit.machineId().isEmpty()) {
                return true; // somebody has stopped or destroyed it meanwhile
            }
            if (unit.machineId().equals(move.from())) {
                if (follower.passed(STAYS)) {
                    failures++;
                    String where = legend.machine(move.from(), false);
                    session.err().println("Unit " + move.unit() + " stays on " + where);
                    return true;
                }
                return false;
            }
            return mirror.state(move.unit(), unit.machineId()) != null
                    && mirror.state(move.unit(), move.from()) == null;
        }

        int end(ClusterMirror mirror) {
            for (UnitMove move : left) {
                failures++;
                session.err()
                        .println(
                                "Unit "
                                        + move.unit()
                                        + " is still on "
                                        + mirror.machine(move.from())
                                        + "; gave up waiting");
            }
            return failures == 0 ? 0 : 1;
        }
    }
}
