package io.skerry.fleet.store;

import io.skerry.base.batch.Batches;
import io.skerry.fleet.model.ClusterSnapshot;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Rebalance;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.FleetStore.Following;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registry over a store. Unit files never change under their hash and are kept once read.
 * Thread-safe.
 */
public final class StoreRegistry implements Registry {
    /** A transaction lost to another writer is tried again with what that one wrote. */
    private static final int ATTEMPTS = 16;

    /** With more unit files unknown than this, all are read at once. */
    private static final int SINGLE_READS = 8;

    private final FleetStore store;
    private final Keys keys;
    private final ManyUnits many;
    private final Map<String, UnitFile> filesByHash = new ConcurrentHashMap<>();

    /** A registry of what lies under the keys' prefix. */
    public StoreRegistry(FleetStore store, Keys keys) {
        this.store = store;
        this.keys = keys;
        this.many = new ManyUnits(store, keys, this);
    }

    @Override
    public List<MachineState> machines() throws RegistryException {
        Listing listing = store.list(List.of(KeyRange.under(keys.machines())));
        return List.copyOf(machinesIn(listing.entries()).values());
    }

    @Override
    public List<Unit> units() throws RegistryException {
        return List.copyOf(snapshot().units().values());
    }

    @Override
    public Optional<Unit> unit(UnitName name) throws RegistryException {
        Listing listing = store.list(List.of(KeyRange.under(keys.job(name))));
        JobRecord job = JobRecord.collect(keys, listing.entries()).get(name);
        return job == null ? Optional.empty() : Optional.ofNullable(unit(job));
    }

    @Override
    public List<Unit> units(Collection<UnitName> names) throws RegistryException {
        Collection<JobRecord> jobs = many.jobs(names).values();
        readFiles(namesByHash(jobs));
        List<Unit> units = new ArrayList<>();
        for (JobRecord job : jobs) {
            Unit unit = unit(job);
            if (unit != null) {
                units.add(unit);
            }
        }
        return units;
    }

    @Override
    public ClusterSnapshot snapshot() throws RegistryException {
        Listing listing = store.list(List.of(keys.engineRange()));
        SortedMap<UnitName, JobRecord> jobs = JobRecord.collect(keys, listing.entries());
        var used = namesByHash(jobs.values());
        filesByHash.keySet().retainAll(used.keySet());
        readFiles(used);
        var units = new TreeMap<UnitName, Unit>();
        var released = new TreeMap<UnitName, String>();
        for (JobRecord job : jobs.values()) {
            Unit unit = unit(job);
            if (unit != null) {
                units.put(job.name(), unit);
            }
            String machineId = job.releasedBy();
            if (machineId != null) {
                released.put(job.name(), machineId);
            }
        }
        return new ClusterSnapshot(
                listing.revision(),
                machinesIn(listing.entries()),
                units,
                released,
                Turns.waiting(jobs));
    }

    @Override
    public SubmitOutcome submit(UnitName name, UnitFile file, TargetState target, boolean replace)
            throws InvalidUnitException, RegistryException {
        UnitRequirements requirements = UnitRequirements.parse(name, file);
        refuseRunningTemplate(name, target);
        String hash = file.sha1Hash();
        // Taken for new, as most are, until the store says what it has: that saves reading first.
        JobRecord job = JobRecord.empty(name);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Entry object = job.object();
            boolean same = object != null && Codec.job(name, object).hash().equals(hash);
            if (object != null && !same && !replace) {
                return SubmitOutcome.DIFFERS;
            }
            UnitFile written = same ? null : file;
            StoreTxn txn = job.change(keys, written, true, hash, requirements.global(), target);
            var refused =
                    txn.writes().isEmpty()
                            ? Optional.<Listing>empty()
                            : store.commitOrList(txn, withoutPlace(name));
            if (refused.isEmpty()) {
                filesByHash.put(hash, file);
                if (object == null) {
                    return SubmitOutcome.CREATED;
                }
                return same ? SubmitOutcome.UNCHANGED : SubmitOutcome.REPLACED;
            }
            job = withOrderWherePlaced(found(name, refused.get()));
        }
        throw contended(name);
    }

    @Override
    public Brought bring(List<Wish> wishes) throws InvalidUnitException, RegistryException {
        return many.bring(wishes);
    }

    @Override
    public SubmitOutcome submitInTurn(
            UnitName name, UnitFile file, TargetState target, Rollout rollout)
            throws InvalidUnitException, RegistryException {
        UnitRequirements requirements = UnitRequirements.parse(name, file);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            JobRecord job = job(name);
            if (!Turns.apply(job, file, requirements, target)) {
                return submit(name, file, target, true);
            }
            if (store.commit(job.changeInTurn(keys, file, rollout), 0).held()) {
                return SubmitOutcome.REPLACED;
            }
        }
        throw contended(name);
    }

    @Override
    public boolean setTargetState(UnitName name, TargetState target)
            throws InvalidUnitException, RegistryException {
        refuseRunningTemplate(name, target);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            JobRecord job = job(name);
            Entry object = job.object();
            if (object == null) {
                return false;
            }
            JobObject known = Codec.job(name, object);
            StoreTxn txn =
                    job.change(
                            keys, null, false, known.hash(), known.requirements().global(), target);
            if (txn.writes().isEmpty() || store.commit(txn, 0).held()) {
                return true;
            }
        }
        throw contended(name);
    }

    @Override
    public boolean destroy(UnitName name) throws RegistryException {
        JobRecord job = found(name, store.list(withoutPlace(name)));
        StoreTxn removal = job.removalByGeneration(keys);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (job.object() == null) {
                // It was there: if not by others, it was destroyed by a try that nobody answered.
                return attempt > 0;
            }
            var refused = store.commitOrList(removal, withoutPlace(name));
            if (refused.isEmpty()) {
                return true;
            }
            job = withOrderWherePlaced(found(name, refused.get()));
            removal = job.removal(keys);
        }
        throw contended(name);
    }

    @Override
    public List<UnitName> destroyAll(Collection<UnitName> names) throws RegistryException {
        return many.destroy(names);
    }

    @Override
    public boolean setDrained(String machineId, boolean drained) throws RegistryException {
        String key = keys.drain(machineId);
        return changeMachines(
                Set.of(machineId),
                List.of(drained ? new Write.Put(key, "true") : new Write.Delete(key)));
    }

    @Override
    public List<Rebalance.Move> rebalance() throws RegistryException {
        ClusterSnapshot snapshot = snapshot();
        List<Rebalance.Move> moves = new ArrayList<>();
        for (Rebalance.Move move : Rebalance.plan(snapshot)) {
            Unit unit = snapshot.units().get(move.unit());
            if (unit != null && unit.placement() != null) {
                var unmoved =
                        new StoreTxn.Guard.ModifiedAt(
                                keys.target(move.unit()), unit.placement().generation());
                var write = new Write.Put(keys.move(move.unit()), move.to());
                if (store.commit(new StoreTxn(List.of(unmoved), List.of(write)), 0).held()) {
                    moves.add(move);
                }
            }
        }
        return List.copyOf(moves);
    }

    @Override
    public boolean changeMetadata(List<MetadataChange> changes) throws RegistryException {
        var writes = new LinkedHashMap<String, Write>();
        for (MetadataChange change : changes) {
            String key = keys.metadata(change.machineId()) + change.name();
            writes.put(
                    key,
                    change.value() == null
                            ? new Write.Delete(key)
                            : new Write.Put(key, change.value()));
        }
        var machines = changes.stream().map(MetadataChange::machineId).collect(Collectors.toSet());
        return changeMachines(machines, List.copyOf(writes.values()));
    }

    private boolean changeMachines(Set<String> machineIds, List<Write> writes)
            throws RegistryException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<StoreTxn.Guard> guards = new ArrayList<>();
            for (String id : machineIds) {
                Optional<Entry> machine = store.get(keys.machine(id));
                if (machine.isEmpty()) {
                    return false;
                }
                guards.add(
                        new StoreTxn.Guard.ModifiedAt(
                                keys.machine(id), machine.get().modRevision()));
            }
            if (store.commit(new StoreTxn(guards, writes), 0).held()) {
                return true;
            }
        }
        throw new RegistryException("machines come and go all the time; try again");
    }

    @Override
    public List<UnitStateReport> states() throws RegistryException {
        return reports(List.of(KeyRange.under(keys.states())));
    }

    @Override
    public List<UnitStateReport> states(UnitName name) throws RegistryException {
        return states(List.of(name));
    }

    @Override
    public List<UnitStateReport> states(Collection<UnitName> names) throws RegistryException {
        return reports(names.stream().map(name -> KeyRange.under(keys.states(name))).toList());
    }

    @Override
    public long revision() throws RegistryException {
        return store.list(List.of(KeyRange.only(keys.engineLeader()))).revision();
    }

    @Override
    public boolean awaitChange(UnitName name, long afterRevision, Duration timeout)
            throws InterruptedException {
        return awaitChange(
                List.of(KeyRange.under(keys.job(name)), KeyRange.under(keys.states(name))),
                afterRevision,
                timeout);
    }

    @Override
    public boolean awaitAnyChange(long afterRevision, Duration timeout)
            throws InterruptedException {
        return awaitChange(List.of(KeyRange.under(keys.prefix())), afterRevision, timeout);
    }

    private boolean awaitChange(List<KeyRange> ranges, long afterRevision, Duration timeout)
            throws InterruptedException {
        var changed = new CountDownLatch(1);
        var follower =
                new FleetStore.Follower() {
                    @Override
                    public void changed(List<Change> changes) {
                        changed.countDown();
                    }

                    @Override
                    public void lost() {
                        changed.countDown();
                    }

                    @Override
                    public void refused() {
                        // Whoever waits asks again, and is told then.
                        changed.countDown();
                    }
                };
        List<Following> followings = new ArrayList<>();
        try {
            for (KeyRange range : ranges) {
                followings.add(store.follow(range, afterRevision, follower));
            }
            return changed.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            followings.forEach(Following::close);
        }
    }

    /** One unit's keys; its orders are those of its machine and of all machines. */
    private JobRecord job(UnitName name) throws RegistryException {
        return withOrderWherePlaced(found(name, store.list(withoutPlace(name))));
    }

    private List<KeyRange> withoutPlace(UnitName name) {
        return withoutPlace(keys, name);
    }

    /** What is kept of a unit but the order where it is placed. */
    static List<KeyRange> withoutPlace(Keys keys, UnitName name) {
        return List.of(
                KeyRange.under(keys.job(name)), KeyRange.only(keys.schedule(Keys.GLOBAL, name)));
    }

    private JobRecord withOrderWherePlaced(JobRecord job) throws RegistryException {
        if (job.target() == null) {
            return job;
        }
        var ranges = new ArrayList<>(withoutPlace(job.name()));
        ranges.add(KeyRange.only(keys.schedule(job.target().value(), job.name())));
        return found(job.name(), store.list(ranges));
    }

    private JobRecord found(UnitName name, Listing listing) {
        JobRecord job = JobRecord.collect(keys, listing.entries()).get(name);
        return job == null ? JobRecord.empty(name) : job;
    }

    private @Nullable Unit unit(JobRecord job) throws RegistryException {
        if (job.object() == null) {
            return null;
        }
        JobObject object = Codec.job(job.name(), job.object());
        UnitFile file = filesByHash.get(object.hash());
        if (file == null) {
            String key = keys.unitFile(object.hash());
            Optional<Entry> entry = store.get(key);
            if (entry.isEmpty()) {
                // Destroyed and collected between the two reads.
                return null;
            }
            file = Codec.unitFile(job.name(), entry.get());
            filesByHash.put(object.hash(), file);
        }
        return new Unit(
                job.name(),
                file,
                object.requirements(),
                job.wanted(),
                job.placement(),
                job.finishedOn(object.hash()));
    }

    /** The hashes of these jobs' files, each with a job that has it. */
    private static SortedMap<String, UnitName> namesByHash(Collection<JobRecord> jobs)
            throws RegistryException {
        var namesByHash = new TreeMap<String, UnitName>();
        for (JobRecord job : jobs) {
            if (job.object() != null) {
                namesByHash.put(Codec.job(job.name(), job.object()).hash(), job.name());
            }
        }
        return namesByHash;
    }

    /** Has these files read if many of them are not known. */
    private void readFiles(SortedMap<String, UnitName> namesByHash) throws RegistryException {
        var unknown = new ArrayList<>(namesByHash.keySet());
        unknown.removeAll(filesByHash.keySet());
        if (unknown.size() > SINGLE_READS) {
            for (Entry entry : store.list(List.of(KeyRange.under(keys.unitFiles()))).entries()) {
                String hash = entry.key().substring(keys.unitFiles().length());
                UnitName name = namesByHash.get(hash);
                if (name != null) {
                    filesByHash.put(hash, Codec.unitFile(name, entry));
                }
            }
        }
    }

    private SortedMap<String, MachineState> machinesIn(List<Entry> entries)
            throws RegistryException {
        var machines = new TreeMap<String, MachineState>();
        var metadata = new HashMap<String, TreeMap<String, String>>();
        var drained = new HashSet<String>();
        for (Entry entry : entries) {
            switch (keys.locate(entry.key()).orElse(null)) {
                case Place.Machine(var id) -> machines.put(id, Codec.machine(entry));
                case Place.Metadata(var id, var name) ->
                        metadata.computeIfAbsent(id, m -> new TreeMap<>()).put(name, entry.value());
                case Place.Drain(var id) -> drained.add(id);
                case null, default -> {}
            }
        }
        machines.replaceAll((id, machine) ->
                machine.with(metadata.getOrDefault(id, new TreeMap<>()), drained.contains(id)));
        return machines;
    }

    private List<UnitStateReport> reports(List<KeyRange> ranges) throws RegistryException {
        List<UnitStateReport> reports = new ArrayList<>();
        for (List<KeyRange> some : Batches.<KeyRange>ofAtMost(ManyUnits.OPERATIONS).of(ranges)) {
            for (Entry entry : store.list(some).entries()) {
                if (keys.locate(entry.key()).orElse(null)
                        instanceof Place.State(var unit, var machineId)) {
                    reports.add(Codec.report(unit, machineId, entry));
                }
            }
        }
        Function<UnitStateReport, UnitName> byUnit = UnitStateReport::unit;
        reports.sort(Comparator.comparing(byUnit).thenComparing(UnitStateReport::machineId));
        return List.copyOf(reports);
    }

    static void refuseRunningTemplate(UnitName name, TargetState target)
            throws InvalidUnitException {
        if (name.isTemplate() && target.needsPlacement()) {
            throw new InvalidUnitException(
                    name.value(),
                    List.of(
                            "a template cannot be "
                                    + target
                                    + "; start an instance of it, for example "
                                    + name.prefix()
                                    + "@1."
                                    + name.type().suffix()));
        }
    }

    private static RegistryException contended(UnitName name) {
        return new RegistryException(
                "unit " + name + " is being changed by others all the time; try again");
    }
}
