package io.skerry.systemd.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Turns signals into states. A signal only says which unit is worth a look; one virtual thread
 * gathers all that came in meanwhile and asks systemd for those units' states at once. So a
 * listener is never told a state that systemd no longer had when asked, three signals about one
 * start cost one question, and the question never makes systemd load a unit (which would cause a
 * signal again).
 *
 * <p>Rejected: following {@code UnitNew} and {@code UnitRemoved}. systemd sends one of each for
 * every unit it has at every reload, a thousand messages for nothing; one look at all units after a
 * reload tells the same.
 */
final class ChangeFeed implements AutoCloseable {
    private static final long RETRY_MILLIS = 500;

    /** Asks for the states of those units that systemd has in memory. */
    interface LoadedStates {
        /** At least those of the given units that are loaded; others may be in the answer too. */
        Map<String, UnitState> of(Collection<String> units) throws SystemdException;

        Map<String, UnitState> all() throws SystemdException;
    }

    private sealed interface News {
        record Touched(String unit) implements News {}

        record AllTouched() implements News {}

        record Lost(SystemdException reason) implements News {}

        record Restored() implements News {}

        record First(Map<String, UnitState> states) implements News {}
    }

    private final LinkedBlockingQueue<News> queue = new LinkedBlockingQueue<>();
    private final CopyOnWriteArrayList<UnitListener> listeners = new CopyOnWriteArrayList<>();
    private final LoadedStates states;
    private final Thread thread;

    /**
     * What listeners were told last, or could see for themselves when they came; of the thread
     * only.
     */
    private final Map<String, UnitState> told = new HashMap<>();

    /** False until the first listener comes, so that nothing is asked that nobody wants to know. */
    private volatile boolean watching;

    ChangeFeed(LoadedStates states) {
        this.states = states;
        this.thread = Thread.ofVirtual().name("systemd-changes").start(this::run);
    }

    synchronized SystemdManager.Subscription subscribe(UnitListener listener)
            throws SystemdException {
        if (!watching) {
            // From here on changes queue up; those that the first look has already are not told
            // again.
            watching = true;
            try {
                queue.add(new News.First(states.all()));
            } catch (SystemdException e) {
                watching = false;
                throw e;
            }
        }
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void touched(String unit) {
        if (watching) {
            queue.add(new News.Touched(unit));
        }
    }

    void allTouched() {
        if (watching) {
            queue.add(new News.AllTouched());
        }
    }

    void lost(SystemdException reason) {
        queue.add(new News.Lost(reason));
    }

    void restored() {
        queue.add(new News.Restored());
        allTouched();
    }

    private void run() {
        try {
            while (true) {
                var batch = new ArrayList<News>();
                batch.add(queue.take());
                queue.drainTo(batch);
                deliver(batch);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(List<News> batch) throws InterruptedException {
        Set<String> touched = new LinkedHashSet<>();
        boolean all = false;
        for (News news : batch) {
            switch (news) {
                case News.Touched(String unit) -> touched.add(unit);
                case News.AllTouched() -> all = true;
                case News.First(Map<String, UnitState> first) -> told.putAll(first);
                case News.Lost(SystemdException reason) ->
                        listeners.forEach(listener -> listener.busLost(reason));
                case News.Restored() -> listeners.forEach(UnitListener::busRestored);
            }
        }
        if (all || !touched.isEmpty()) {
            look(touched, all);
        }
    }

    private void look(Set<String> touched, boolean all) throws InterruptedException {
        Map<String, UnitState> loaded;
        try {
            loaded = all ? states.all() : states.of(touched);
        } catch (SystemdException e) {
            if (!e.errorName().equals(SystemdException.DISCONNECTED)) {
                // systemd is busy or frozen; look again, together with what comes in meanwhile.
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                if (all) {
                    allTouched();
                }
                touched.forEach(this::touched);
            }
            return; // After a loss everything is looked at anew anyway.
        }
        if (all) {
            touched.addAll(told.keySet());
            touched.addAll(loaded.keySet());
        }
        for (String unit : touched) {
            UnitState now = loaded.get(unit);
            UnitState before = now == null ? told.remove(unit) : told.put(unit, now);
            if (now == null) {
                // Also when no listener was told of it: one may have seen it by a look of its own
                // between the start and the end of a short run.
                listeners.forEach(listener -> listener.unitRemoved(unit));
            } else if (!now.equals(before)) {
                listeners.forEach(listener -> listener.unitChanged(unit, now));
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
