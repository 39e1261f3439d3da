package io.skerry.fleet.store;

import io.skerry.base.batch.Batches;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Registry.Brought;
import io.skerry.fleet.store.Registry.Wish;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes of many units in few round trips: as many units share a transaction as the store takes.
 * Each change has the guards that it has alone, so a transaction is refused when one unit in it is
 * not as it was read; its units are then read and changed together once more, and if others change
 * them all the time one by one.
 */
final class ManyUnits {
    /** etcd allows 128 operations of a kind in a transaction. */
    static final int OPERATIONS = 128;

    /** etcd takes requests of 1.5 MB; what names and guards take is less than the rest. */
    private static final int VALUE_BYTES = 1 << 20;

    /** Of each unit are read its job, the order for all machines, and that where it is placed. */
    private static final Batches<UnitName> READS = Batches.ofAtMost(OPERATIONS / 3);

    private static final Batches<Map.Entry<UnitName, StoreTxn>> CHANGES =
            Batches.<Map.Entry<UnitName, StoreTxn>>ofAtMost(OPERATIONS)
                    .and(change -> change.getValue().guards().size(), OPERATIONS)
                    .and(change -> change.getValue().writes().size(), OPERATIONS)
                    .and(change -> valueBytes(change.getValue()), VALUE_BYTES);

    private final FleetStore store;
    private final Keys keys;
    private final Registry single;

    /** Many units of that registry, whose store it is. */
    ManyUnits(FleetStore store, Keys keys, Registry single) {
        this.store = store;
        this.keys = keys;
        this.single = single;
    }

    Brought bring(List<Wish> wishes) throws InvalidUnitException, RegistryException {
        var withoutFile = new ArrayList<UnitName>();
        for (Wish wish : wishes) {
            StoreRegistry.refuseRunningTemplate(wish.name(), wish.target());
            if (wish.file() == null) {
                withoutFile.add(wish.name());
            }
        }
        // One with a file is taken for new, as most are.
        Map<UnitName, JobRecord> known = withOrders(jobs(withoutFile));
        var unknown = withoutFile.stream().filter(name -> !isThere(known.get(name))).toList();
        if (!unknown.isEmpty()) {
            return new Brought.Unknown(unknown);
        }
        var gone = new TreeSet<UnitName>();
        List<Wish> left = bring(wishes, known, gone);
        // Mostly units that were not new: once more, as they are.
        left = bring(left, withOrders(jobs(left.stream().map(Wish::name).toList())), gone);
        for (Wish wish : left) {
            UnitFile file = wish.file();
            if (file != null) {
                single.submit(wish.name(), file, wish.target(), true);
            } else if (!single.setTargetState(wish.name(), wish.target())) {
                gone.add(wish.name());
            }
        }
        return gone.isEmpty() ? new Brought.All() : new Brought.AllBut(gone);
    }

    /**
     * Changes units that are as they were read, and gives those of refused transactions.
     *
     * @param gone gets those that there are not any more
     */
    private List<Wish> bring(
            List<Wish> wishes, Map<UnitName, JobRecord> known, Collection<UnitName> gone)
            throws InvalidUnitException, RegistryException {
        var changes = new LinkedHashMap<UnitName, StoreTxn>();
        for (Wish wish : wishes) {
            JobRecord job = known.getOrDefault(wish.name(), JobRecord.empty(wish.name()));
            if (wish.file() == null && !isThere(job)) {
                gone.add(wish.name());
            } else {
                changes.put(wish.name(), change(job, wish));
            }
        }
        Set<UnitName> refused = commit(changes);
        return wishes.stream().filter(wish -> refused.contains(wish.name())).toList();
    }

    private StoreTxn change(JobRecord job, Wish wish)
            throws InvalidUnitException, RegistryException {
        UnitFile file = wish.file();
        Entry object = job.object();
        JobObject known = object == null ? null : Codec.job(job.name(), object);
        if (file == null) {
            JobObject kept = Objects.requireNonNull(known);
            boolean global = kept.requirements().global();
            return job.change(keys, null, false, kept.hash(), global, wish.target());
        }
        String hash = file.sha1Hash();
        boolean same = known != null && known.hash().equals(hash);
        boolean global = UnitRequirements.parse(wish.name(), file).global();
        return job.change(keys, same ? null : file, true, hash, global, wish.target());
    }

    private static boolean isThere(@Nullable JobRecord job) {
        return job != null && job.object() != null;
    }

    List<UnitName> destroy(Collection<UnitName> names) throws RegistryException {
        var removals = new LinkedHashMap<UnitName, StoreTxn>();
        for (JobRecord job : jobs(names).values()) {
            if (job.object() != null) {
                removals.put(job.name(), job.removalByGeneration(keys));
            }
        }
        for (UnitName name : commit(removals)) {
            // If it is not there now, it has been destroyed since, maybe by what was not answered.
            var _ = single.destroy(name);
        }
        return names.stream().filter(name -> !removals.containsKey(name)).toList();
    }

    /** What there is of the units, without the orders where they are placed. */
    NavigableMap<UnitName, JobRecord> jobs(Collection<UnitName> names) throws RegistryException {
        var jobs = new TreeMap<UnitName, JobRecord>();
        for (List<UnitName> some : READS.of(names)) {
            var ranges = new ArrayList<KeyRange>();
            some.forEach(name -> ranges.addAll(StoreRegistry.withoutPlace(keys, name)));
            jobs.putAll(JobRecord.collect(keys, store.list(ranges).entries()));
        }
        return jobs;
    }

    private NavigableMap<UnitName, JobRecord> withOrders(NavigableMap<UnitName, JobRecord> jobs)
            throws RegistryException {
        var placed =
                jobs.values().stream()
                        .filter(job -> job.target() != null)
                        .map(JobRecord::name)
                        .toList();
        for (List<UnitName> some : READS.of(placed)) {
            var ranges = new ArrayList<KeyRange>();
            for (UnitName name : some) {
                JobRecord job = jobs.get(name);
                if (job != null && job.target() != null) {
                    ranges.addAll(StoreRegistry.withoutPlace(keys, name));
                    ranges.add(KeyRange.only(keys.schedule(job.target().value(), name)));
                }
            }
            some.forEach(jobs::remove); // As they are now, or gone.
            jobs.putAll(JobRecord.collect(keys, store.list(ranges).entries()));
        }
        return jobs;
    }

    /**
     * Commits these changes of units, and gives the units of the transactions that were refused.
     */
    private Set<UnitName> commit(Map<UnitName, StoreTxn> changes) throws RegistryException {
        // Of others it is so already.
        var due =
                changes.entrySet().stream().filter(c -> !c.getValue().writes().isEmpty()).toList();
        var refused = new HashSet<UnitName>();
        for (var some : CHANGES.of(due)) {
            StoreTxn txn = StoreTxn.together(some.stream().map(Map.Entry::getValue).toList());
            if (store.commitOrList(txn, List.of()).isPresent()) {
                some.forEach(change -> refused.add(change.getKey()));
            }
        }
        return refused;
    }

    private static int valueBytes(StoreTxn txn) {
        int bytes = 0;
        for (Write write : txn.writes()) {
            bytes +=
                    switch (write) {
                        case Write.Put(_, var value) -> length(value);
                        case Write.PutLeased(_, var value) -> length(value);
                        case Write.Delete _ -> 0;
                    };
        }
        return bytes;
    }

    private static int length(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }
}
