package io.skerry.chaos.fault;

import io.skerry.chaos.cluster.Link;
import io.skerry.chaos.cluster.Members;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** Carries out a plan, and mends everything at its end. One thread runs it. */
public final class Nemesis {
    private static final long TICK_MILLIS = 20;

    /** After members were down: a store that never serves would meet faults that do nothing. */
    private static final long RECOVERY_MILLIS = 15_000;

    private final Members members;
    private final Replacements replacements;
    private final List<PlannedFault> plan;
    private final Random random;
    private final IntSupplier leader;
    private final LongSupplier nowMillis;
    private final Map<PlannedFault, Fault> active = new LinkedHashMap<>();
    private final List<String> done = new ArrayList<>();
    private final long lastMillis;
    private long lateMillis;

    /**
     * @param leader number of the member that leads; negative if nobody is known to
     * @param nowMillis since the clients began
     * @param lastMillis when what is left of the plan is given up, because members took long to
     *     come back
     */
    public Nemesis(
            Members members,
            Replacements replacements,
            List<PlannedFault> plan,
            long seed,
            IntSupplier leader,
            LongSupplier nowMillis,
            long lastMillis) {
        this.lastMillis = lastMillis;
        this.members = members;
        this.replacements = replacements;
        this.plan = List.copyOf(plan);
        this.random = new Random(seed);
        this.leader = leader;
        this.nowMillis = nowMillis;
    }

    private record Moment(long atMillis, PlannedFault planned, boolean begins) {}

    /** Returns when the last fault is over and everybody runs again. */
    public void run() throws IOException, InterruptedException {
        var moments = new ArrayList<Moment>();
        for (PlannedFault planned : plan) {
            moments.add(new Moment(planned.startMillis(), planned, true));
            moments.add(new Moment(planned.endMillis(), planned, false));
        }
        moments.sort(Comparator.comparingLong(Moment::atMillis));
        try {
            for (Moment moment : moments) {
                awaitTime(moment.atMillis() + lateMillis);
                if (nowMillis.getAsLong() > lastMillis) {
                    break;
                }
                if (moment.begins()) {
                    begin(moment.planned());
                } else {
                    end(moment.planned());
                }
            }
        } finally {
            mend();
        }
    }

    /** Waits; meanwhile members that died by themselves are started again. */
    public void awaitTime(long millis) throws IOException, InterruptedException {
        while (nowMillis.getAsLong() < millis) {
            members.reviveDead();
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }

    /** What was done, with the numbers that the leader's place turned into. */
    public List<String> done() {
        return List.copyOf(done);
    }

    private void begin(PlannedFault planned) throws IOException, InterruptedException {
        Fault fault = planned.fault();
        int leads = planned.atLeader() ? leader.getAsInt() : -1;
        if (leads > 0) {
            fault = renumbered(fault, i -> i == 0 ? leads : i == leads ? 0 : i);
        }
        active.put(planned, fault);
        done.add(planned + (leads > 0 ? ", which was member " + leads : ""));
        switch (fault) {
            case Fault.Kill(var victims) -> {
                for (int i : victims) {
                    members.kill(i);
                }
            }
            case Fault.Pause(var victims) -> {
                for (int i : victims) {
                    members.pause(i);
                }
            }
            case Fault.Torn(int victim) -> {
                members.kill(victim, data -> TornTail.tear(data, random));
            }
            case Fault.FullDisk(int victim) -> members.fillDisk(victim);
            case Fault.SlowDisk(int victim, int writesPerSecond) ->
                    members.slowDisk(victim, writesPerSecond);
            case Fault.Clock(int victim, Duration ahead) -> members.setClock(victim, ahead);
            case Fault.Replace(int victim, boolean learner) -> replacements.begin(victim, learner);
            case Fault.Loss _ -> applyLoss();
        }
    }

    private void end(PlannedFault planned) throws IOException, InterruptedException {
        Fault fault = active.remove(planned);
        switch (fault) {
            case null -> {}
            case Fault.Kill(var victims) -> {
                for (int i : victims) {
                    members.start(i);
                }
                awaitLeader();
            }
            case Fault.Pause(var victims) -> {
                for (int i : victims) {
                    members.resume(i);
                }
            }
            case Fault.Torn(int victim) -> {
                members.start(victim);
                awaitLeader();
            }
            case Fault.FullDisk(int victim) -> members.freeDisk(victim);
            case Fault.SlowDisk(int victim, int _) -> members.slowDisk(victim, 0);
            case Fault.Clock(int victim, Duration _) -> members.setClock(victim, Duration.ZERO);
            // Ends when it is done.
            case Fault.Replace _ -> {}
            case Fault.Loss _ -> applyLoss();
        }
    }

    /** What follows in the plan comes later by as much. */
    private void awaitLeader() throws IOException, InterruptedException {
        long from = nowMillis.getAsLong();
        while (leader.getAsInt() < 0 && nowMillis.getAsLong() < from + RECOVERY_MILLIS) {
            awaitTime(nowMillis.getAsLong() + TICK_MILLIS);
        }
        lateMillis += nowMillis.getAsLong() - from;
    }

    private void applyLoss() throws IOException, InterruptedException {
        var lost = new HashMap<Link, Integer>();
        for (Fault fault : active.values()) {
            if (fault instanceof Fault.Loss(var _, var links, int percent)) {
                links.forEach(link -> lost.merge(link, percent, Math::max));
            }
        }
        members.lose(lost);
    }

    private void mend() throws IOException, InterruptedException {
        for (Fault fault : active.values()) {
            switch (fault) {
                case Fault.FullDisk(int victim) -> members.freeDisk(victim);
                case Fault.SlowDisk(int victim, int _) -> members.slowDisk(victim, 0);
                case Fault.Clock(int victim, Duration _) -> members.setClock(victim, Duration.ZERO);
                case Fault.Kill _, Fault.Pause _, Fault.Torn _, Fault.Replace _, Fault.Loss _ -> {}
            }
        }
        boolean lossy = active.values().stream().anyMatch(f -> f instanceof Fault.Loss);
        active.clear();
        if (lossy) {
            applyLoss();
        }
        for (int i = 0; i < members.count(); i++) {
            members.resume(i);
            members.start(i);
        }
        replacements.await(members::reviveDead);
    }

    private static Fault renumbered(Fault fault, UnaryOperator<Integer> number) {
        return switch (fault) {
            case Fault.Kill(var victims) -> new Fault.Kill(mapped(victims, number));
            case Fault.Pause(var victims) -> new Fault.Pause(mapped(victims, number));
            case Fault.Torn(int victim) -> new Fault.Torn(number.apply(victim));
            case Fault.FullDisk(int victim) -> new Fault.FullDisk(number.apply(victim));
            case Fault.SlowDisk(int victim, int writesPerSecond) ->
                    new Fault.SlowDisk(number.apply(victim), writesPerSecond);
            case Fault.Clock(int victim, Duration ahead) ->
                    new Fault.Clock(number.apply(victim), ahead);
            case Fault.Replace(int victim, boolean learner) ->
                    new Fault.Replace(number.apply(victim), learner);
            case Fault.Loss(String shape, var links, int percent) -> {
                var turned = new HashSet<Link>();
                links.forEach(link ->
                        turned.add(new Link(number.apply(link.from()), number.apply(link.to()))));
                yield new Fault.Loss(shape, turned, percent);
            }
        };
    }

    private static Set<Integer> mapped(Set<Integer> victims, UnaryOperator<Integer> number) {
        var turned = new HashSet<Integer>();
        victims.forEach(i -> turned.add(number.apply(i)));
        return turned;
    }
}
