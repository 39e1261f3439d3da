package io.skerry.fleet.daemon;

import io.skerry.base.http.HttpError;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.model.MachineState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Other hosts, which are asked whether the store answers them when it refuses this one. */
final class Witnesses {
    /** For their answers, all in all. None counts as a no, so that busy ones get some time. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int ASKED_AT_ONCE = 5;

    private final String self;
    private final Supplier<List<MachineState>> machines;
    private final Peers peers;
    private final Duration patience;
    private int next;

    /**
     * Nobody is asked yet.
     *
     * @param self this host's machine id
     * @param machines those of the cluster, as they were known last
     */
    Witnesses(String self, Supplier<List<MachineState>> machines, Peers peers, Duration patience) {
        this.self = self;
        this.machines = machines;
        this.peers = peers;
        this.patience = patience;
    }

    /** Whether one of some other hosts says so. Used by one thread. */
    boolean storeAnswersThem() throws InterruptedException {
        var others = new ArrayList<>(machines.get());
        others.removeIf(machine -> machine.id().equals(self));
        if (others.isEmpty()) {
            return false;
        }
        Collections.rotate(others, -(next % others.size()));
        next += ASKED_AT_ONCE; // Others the next time: these may be down.
        List<MachineState> asked = others.subList(0, Math.min(ASKED_AT_ONCE, others.size()));
        var answers = new LinkedBlockingQueue<Boolean>();
        for (MachineState machine : asked) {
            Thread.ofVirtual().name("fleet-witness").start(() -> answers.add(isServed(machine)));
        }
        long deadline = System.nanoTime() + patience.toNanos();
        for (int i = 0; i < asked.size(); i++) {
            Boolean answer = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null || answer) {
                return answer != null;
            }
        }
        return false;
    }

    /** A host is ready when the store answers what it asks. */
    private boolean isServed(MachineState machine) {
        try (var response = peers.clientOf(machine).send("GET", "/readyz", Map.of(), new byte[0])) {
            return response.status() == 200;
        } catch (IOException | HttpError e) {
            return false;
        }
    }
}
