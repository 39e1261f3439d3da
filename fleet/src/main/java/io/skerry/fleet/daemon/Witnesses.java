package io.skerry.fleet.daemon;

import io.skerry.base.http.HttpError;
import io.skerry.fleet.agent.Testimony.Answer;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.model.MachineState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Other hosts, which are asked whether the store answers them when it refuses this one. Whoever is
 * asked may answer late, and counts then: a busy cluster is no other one. Used by one thread.
 */
final class Witnesses {
    /** How long one round waits for answers; later ones count in the next round. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private static final int ASKED_AT_ONCE = 5;

    private final String self;
    private final Supplier<List<MachineState>> machines;
    private final Peers peers;
    private final Duration patience;
    private Questions questions = new Questions();
    private int next;

    /** Those that were asked since there is a doubt. */
    private static final class Questions {
        private final Set<String> asked = ConcurrentHashMap.newKeySet();
        private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

        /** How many answers have not been taken from the queue; the asking thread's own. */
        private int open;
    }

    /**
     * Nobody is asked yet.
     *
     * @param self this host's machine id
     * @param machines those of the cluster, as they were known last
     * @param patience for the answers of one round
     */
    Witnesses(String self, Supplier<List<MachineState>> machines, Peers peers, Duration patience) {
        this.self = self;
        this.machines = machines;
        this.peers = peers;
        this.patience = patience;
    }

    /** There is no doubt: what was asked is of no interest any more. */
    void forget() {
        questions = new Questions();
    }

    /** What some other hosts say; those that have not answered yet are not asked again. */
    Answer askWhetherTheStoreAnswersThem() throws InterruptedException {
        Questions asking = questions;
        askMore(asking);
        Answer heard = Answer.NOTHING;
        long deadline = System.nanoTime() + patience.toNanos();
        while (asking.open > 0) {
            Answer answer = asking.answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                return heard;
            }
            asking.open--;
            if (answer == Answer.YES) {
                return answer;
            }
            heard = answer == Answer.NO ? answer : heard;
        }
        return heard;
    }

    private void askMore(Questions asking) {
        var others = new ArrayList<>(machines.get());
        others.removeIf(machine -> machine.id().equals(self));
        Collections.rotate(others, others.isEmpty() ? 0 : -(next % others.size()));
        next += ASKED_AT_ONCE; // Others the next time: these may be down.
        for (MachineState machine : others.subList(0, Math.min(ASKED_AT_ONCE, others.size()))) {
            if (asking.asked.add(machine.id())) {
                asking.open++;
                Thread.ofVirtual()
                        .name("fleet-witness")
                        .start(() -> {
                            Answer answer = answerOf(machine);
                            asking.asked.remove(machine.id());
                            asking.answers.add(answer);
                        });
            }
        }
    }

    /** A host is ready when the store answers what it asks. */
    private Answer answerOf(MachineState machine) {
        try (var response = peers.clientOf(machine).send("GET", "/readyz", Map.of(), new byte[0])) {
            return switch (response.status()) {
                case 200 -> Answer.YES;
                case 503 -> Answer.NO;
                default -> Answer.NOTHING;
            };
        } catch (IOException e) {
            // Where there is no fleet nothing is started.
            return StoreProbe.isRefusal(e.getCause()) ? Answer.NO : Answer.NOTHING;
        } catch (HttpError e) {
            return Answer.NOTHING;
        }
    }
}
