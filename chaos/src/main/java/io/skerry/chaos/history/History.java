package io.skerry.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that was done, as it is written down. Thread-safe. */
public final class History {
    private final List<Call> calls = new ArrayList<>();
    private final List<SetCall> setCalls = new ArrayList<>();
    private final List<WatchLog> watches = new ArrayList<>();
    private final List<LeaseTrial> leases = new ArrayList<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final long originNanos = System.nanoTime();

    /** Nanoseconds since the history began. */
    public long now() {
        return System.nanoTime() - originNanos;
    }

    public synchronized void add(Call call) {
        calls.add(call);
    }

    public synchronized void add(SetCall call) {
        setCalls.add(call);
    }

    public synchronized void add(WatchLog log) {
        watches.add(log);
    }

    public synchronized void add(LeaseTrial trial) {
        leases.add(trial);
    }

    /** A call failed, for whatever reason; kept for the report. */
    public synchronized void failed(String reason) {
        failures.merge(reason, 1, Integer::sum);
    }

    public synchronized Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    public synchronized List<SetCall> setCalls() {
        return List.copyOf(setCalls);
    }

    public synchronized List<WatchLog> watches() {
        return List.copyOf(watches);
    }

    public synchronized List<LeaseTrial> leases() {
        return List.copyOf(leases);
    }
}
