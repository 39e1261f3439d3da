package io.skerry.node.training;

import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.manager.SystemdManager;
import io.skerry.systemd.manager.UnitListener;
import io.skerry.systemd.manager.UnitState;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A systemd that does as told at once and runs nothing: a build, and tests of what is around it,
 * may not start units of their host.
 */
public final class PretendSystemd implements SystemdManager {
    private static final UnitState STOPPED = new UnitState("loaded", "inactive", "dead");
    private static final UnitState RUNNING = new UnitState("loaded", "active", "running");

    private final Map<String, UnitState> units = new ConcurrentHashMap<>();
    private final List<UnitListener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void linkUnitFiles(List<Path> files, boolean runtime, boolean force) {
        for (var file : files) {
            become(String.valueOf(file.getFileName()), STOPPED);
        }
    }

    @Override
    public boolean enableUnitFiles(List<String> names, boolean runtime, boolean force) {
        return true;
    }

    @Override
    public void disableUnitFiles(List<String> names, boolean runtime) {
        for (var name : names) {
            units.remove(name);
            listeners.forEach(listener -> listener.unitRemoved(name));
        }
    }

    @Override
    public void reload() {}

    @Override
    public CompletableFuture<JobResult> startUnit(String unit) {
        become(unit, RUNNING);
        return CompletableFuture.completedFuture(JobResult.DONE);
    }

    @Override
    public CompletableFuture<JobResult> stopUnit(String unit) {
        become(unit, STOPPED);
        return CompletableFuture.completedFuture(JobResult.DONE);
    }

    @Override
    public Map<String, CompletableFuture<JobResult>> queuedStarts(Collection<String> names) {
        return Map.of();
    }

    private void become(String unit, UnitState state) {
        units.put(unit, state);
        listeners.forEach(listener -> listener.unitChanged(unit, state));
    }

    @Override
    public void killUnit(String unit, int signal) {
        become(unit, STOPPED);
    }

    @Override
    public void resetFailedUnit(String unit) {}

    @Override
    public Map<String, UnitState> states(Collection<String> names) {
        var states = new TreeMap<String, UnitState>();
        for (var name : names) {
            states.put(name, units.getOrDefault(name, UnitState.NOT_LOADED));
        }
        return states;
    }

    @Override
    public Map<String, UnitState> loadedUnits() {
        return Map.copyOf(units);
    }

    @Override
    public Map<String, Object> properties(String unit) {
        return Map.of();
    }

    @Override
    public Subscription subscribe(UnitListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {}
}
