package io.skerry.testbed.system.systemd;

import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.UnitListener;
import io.skerry.systemd.manager.UnitState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What a listener knows of units, and how often the bus went and came. */
final class HeardUnits implements UnitListener {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, String> active = new HashMap<>();
    private int lost;
    private int restored;

    @Override
    public synchronized void unitChanged(String unit, UnitState state) {
        active.put(unit, state.active());
        notifyAll();
    }

    @Override
    public synchronized void unitRemoved(String unit) {
        active.put(unit, "removed");
        notifyAll();
    }

    @Override
    public synchronized void busLost(SystemdException reason) {
        lost++;
        notifyAll();
    }

    @Override
    public synchronized void busRestored() {
        restored++;
        notifyAll();
    }

    /** Returns once the unit was last heard to be in that state; {@code removed} is one, too. */
    void await(String unit, String state) throws InterruptedException {
        await(unit + " " + state, () -> state.equals(active.get(unit)));
    }

    /** Returns once the unit was last heard to be inactive, which systemd may forget at once. */
    void awaitIdle(String unit) throws InterruptedException {
        await(
                unit + " idle",
                () -> List.of("inactive", "removed").contains(active.getOrDefault(unit, "")));
    }

    void awaitLostAndRestored() throws InterruptedException {
        await("the bus lost and restored", () -> lost > 0 && restored > 0);
    }

    private synchronized void await(String what, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(
                        "not heard within " + PATIENCE + ": " + what + "; heard " + active);
            }
            wait(left);
        }
    }
}
