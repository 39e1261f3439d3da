package io.skerry.fleet.agent;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.Log;
import io.skerry.fleet.agent.Observed.Mark;
import io.skerry.fleet.agent.UnitAction.Load;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.journal.Journal;
import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.SystemdManager;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The units of this host: their files in the units directory, what systemd does with them, and
 * beside the directory one mark for each unit that was started, with the hash of the file it was
 * started from, empty while it is being started or stopped. Files and marks are gone after a
 * reboot, as are the units. All methods block; actions of different units may run at the same time.
 */
final class UnitHost {
    private static final Log LOG = Log.of(UnitHost.class);

    /** systemd itself gives up on a unit that does not stop; this only bounds our own patience. */
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(5);

    /** A mark that is no file's hash. */
    private static final String TOUCHED = "";

    private final SystemdManager systemd;
    private final Journal journal;
    private final Path units;
    private final Path marks;
    private final Starts starts;

    /** Told how starts come out. */
    interface Starts {
        /**
         * The start of the unit from that file is over.
         *
         * @param result null: nobody can tell
         */
        void ended(UnitName unit, String hash, @Nullable JobResult result);
    }

    /** Does nothing yet. */
    UnitHost(SystemdManager systemd, Journal journal, Path unitsDirectory, Starts starts) {
        this.systemd = systemd;
        this.journal = journal;
        this.starts = starts;
        this.units = unitsDirectory;
        this.marks = unitsDirectory.resolveSibling("started");
    }

    /** Makes the directories; a host that cannot have them cannot run units. */
    void prepare() throws IOException {
        Files.createDirectories(units);
        Files.createDirectories(marks);
    }

    /** Told of a unit that a former agent has left. */
    interface Adoption {
        /**
         * Takes the unit over.
         *
         * @param start how its start has come out; null: it still waits in systemd's queue, and how
         *     that ends is told like that of any start
         */
        void of(UnitName unit, Observed seen, @Nullable JobResult start);
    }

    /** Tells of all units of which there is a file. */
    void adopt(Adoption adoption) throws IOException, SystemdException {
        var names = new TreeSet<UnitName>();
        try (Stream<Path> files = Files.list(units)) {
            files.forEach(
                    file -> UnitName.parse(file.getFileName().toString()).ifPresent(names::add));
        }
        // In this order: one that was queued and has ended when it is looked at is told as ended.
        var queued = systemd.queuedStarts(names.stream().map(UnitName::value).toList());
        SortedMap<UnitName, Observed> all = observe(names);
        Map<UnitName, JobResult> failed = failedStarts(all, queued.keySet());
        all.forEach((unit, seen) -> {
            CompletableFuture<JobResult> start = queued.get(unit.value());
            JobResult before = failed.getOrDefault(unit, JobResult.DONE);
            adoption.of(unit, seen, start == null ? before : null);
            if (start != null && seen.hash() != null && seen.started()) {
                hear(unit, seen.hash(), start);
            }
        });
    }

    /**
     * Of units at rest, those whose start has come to nothing while there was no agent to hear of
     * it. systemd forgets units at rest; how their jobs ended is in the journal alone.
     */
    private Map<UnitName, JobResult> failedStarts(
            SortedMap<UnitName, Observed> all, Set<String> queued) {
        var resting = new TreeSet<UnitName>();
        all.forEach((unit, seen) -> {
            String hash = seen.hash();
            if (hash != null && seen.rests(hash) && !queued.contains(unit.value())) {
                resting.add(unit);
            }
        });
        var failed = new TreeMap<UnitName, JobResult>();
        try {
            if (!resting.isEmpty()) {
                journal.lastStarts(resting)
                        .forEach((unit, result) -> {
                            if (!result.succeeded()) {
                                LOG.warn("unit did not start", "unit", unit, "result", result);
                                failed.put(unit, result);
                            }
                        });
            }
        } catch (JournalException e) {
            LOG.warn("cannot tell how starts have ended", "units", resting, "cause", e);
        }
        return failed;
    }

    /** What is there of the given units, by one call to systemd. */
    SortedMap<UnitName, Observed> observe(Collection<UnitName> names)
            throws IOException, SystemdException {
        Map<String, UnitState> states =
                names.isEmpty()
                        ? Map.of()
                        : systemd.states(names.stream().map(UnitName::value).toList());
        var observed = new TreeMap<UnitName, Observed>();
        for (UnitName unit : names) {
            UnitState state = states.getOrDefault(unit.value(), UnitState.NOT_LOADED);
            String text = read(units.resolve(unit.value()));
            if (text == null) {
                observed.put(unit, new Observed(null, null, Mark.NONE, state));
                continue;
            }
            // A file that is none of ours has no hash that is ever wanted, and is replaced.
            String hash = "";
            UnitRequirements requirements = null;
            try {
                UnitFile file = UnitFile.parse(unit.value(), text);
                hash = file.sha1Hash();
                requirements = UnitRequirements.parse(unit, file);
            } catch (UnitFileException | InvalidUnitException e) {
                LOG.warn("strange file in units directory", "unit", unit, "cause", e.getMessage());
            }
            observed.put(unit, new Observed(hash, requirements, mark(unit, hash), state));
        }
        return observed;
    }

    private Mark mark(UnitName unit, String hash) throws IOException {
        String mark = read(marks.resolve(unit.value()));
        if (mark == null) {
            return Mark.NONE;
        }
        return mark.equals(hash) ? Mark.STARTED : Mark.TOUCHED;
    }

    /** Writes the files and makes them known to systemd, all in one go. */
    void load(List<Load> loads) throws IOException, SystemdException {
        List<Path> files = new ArrayList<>();
        List<String> installable = new ArrayList<>();
        boolean known = knowsAny(loads);
        for (Load load : loads) {
            Path file = units.resolve(load.unit().value());
            WholeFile.replace(file, load.file().serialize(), FileMode.PUBLIC);
            files.add(file);
            if (load.file().hasSection("Install")) {
                installable.add(load.unit().value());
            }
        }
        systemd.linkUnitFiles(files, true, true);
        if (!installable.isEmpty()) {
            systemd.enableUnitFiles(installable, true, true);
        }
        // A reload reads every unit of the host again, 0.2 s and more. systemd finds what it has
        // not loaded yet by itself, since the directory has changed.
        if (known || !installable.isEmpty()) {
            systemd.reload();
        }
    }

    private boolean knowsAny(List<Load> loads) throws SystemdException {
        List<String> names = loads.stream().map(load -> load.unit().value()).toList();
        return systemd.states(names).values().stream()
                .anyMatch(state -> !state.load().equals(UnitState.NOT_LOADED.load()));
    }

    /** Queues the start and marks it; whether it succeeds is told by systemd's signals. */
    void start(UnitName unit, String hash) throws IOException, SystemdException {
        Path mark = marks.resolve(unit.value());
        // A crash between these starts it again, which does nothing if it runs.
        WholeFile.replace(mark, TOUCHED, FileMode.PUBLIC);
        CompletableFuture<JobResult> job;
        try {
            job = systemd.startUnit(unit.value());
        } catch (SystemdException e) {
            if (!e.isUnreachable()) {
                // It will be tried again, which may help: what it requires may still come.
                starts.ended(unit, hash, JobResult.INVALID);
            }
            throw e;
        }
        WholeFile.replace(mark, hash, FileMode.PUBLIC);
        hear(unit, hash, job);
    }

    private void hear(UnitName unit, String hash, CompletableFuture<JobResult> start) {
        var _ =
                start.whenComplete((result, failure) -> {
                    starts.ended(unit, hash, failure == null ? result : null);
                    if (failure != null || !result.succeeded()) {
                        LOG.warn(
                                "unit did not start",
                                "unit",
                                unit,
                                "result",
                                result,
                                "cause",
                                failure);
                    }
                });
    }

    /** Stops the unit and waits until it has. */
    void stop(UnitName unit) throws IOException, SystemdException, InterruptedException {
        // A crash between these must neither leave a stopped unit marked as started nor one that
        // runs without a mark, as if others had started it.
        Path mark = marks.resolve(unit.value());
        if (Files.exists(mark)) {
            WholeFile.replace(mark, TOUCHED, FileMode.PUBLIC);
        }
        awaitStop(unit);
        Files.deleteIfExists(mark);
    }

    private void awaitStop(UnitName unit) throws SystemdException, InterruptedException {
        try {
            JobResult result =
                    systemd.stopUnit(unit.value())
                            .get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!result.succeeded()) {
                LOG.warn("unit did not stop well", "unit", unit, "result", result);
            }
        } catch (SystemdException e) {
            if (!e.isNoSuchUnit()) {
                throw e;
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SystemdException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new SystemdException(
                    SystemdException.NO_REPLY, unit + " has not stopped in " + STOP_PATIENCE, e);
        }
    }

    /** Stops the unit and makes systemd forget it. */
    void unload(UnitName unit) throws IOException, SystemdException, InterruptedException {
        stop(unit);
        UnitState state = systemd.states(List.of(unit.value())).get(unit.value());
        if (state != null && new Observed(null, null, Mark.NONE, state).running()) {
            throw new SystemdException(
                    SystemdException.NO_REPLY, unit + " still is " + state + " when stopped", null);
        }
        systemd.disableUnitFiles(List.of(unit.value()), true);
        try {
            systemd.resetFailedUnit(unit.value());
        } catch (SystemdException e) {
            if (!e.isNoSuchUnit()) {
                throw e;
            }
        }
        Files.deleteIfExists(units.resolve(unit.value()));
    }

    /** Has systemd notice that files are gone; of no importance to what still runs. */
    void forgetUnloaded() throws SystemdException {
        systemd.reload();
    }

    private static @Nullable String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
