package io.skerry.systemd.manager;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.jspecify.annotations.Nullable;

/**
 * systemd over the system bus of one host. Connects anew by itself when the bus was lost, and tells
 * listeners of both; calls made meanwhile fail with {@link SystemdException#DISCONNECTED}.
 */
public final class DbusSystemdManager implements SystemdManager {
    /** Where the system bus of the own host listens. */
    public static final Path SYSTEM_BUS = Path.of("/run/dbus/system_bus_socket");

    private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
    private static final String BUS_PATH = "/org/freedesktop/DBus";
    private static final String REPLACE = "replace";
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(25);

    /** Reading a thousand unit files on a busy host takes its time. */
    private static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(90);

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 2_000;

    /** Up to here it is cheaper for systemd to match names than to describe all its units. */
    private static final int MAX_PATTERNS = 40;

    private final Path socket;
    private final JobTable jobs = new JobTable();
    private final SharedReload sharedReload = new SharedReload();
    private final SharedCall<Map<String, UnitState>> sharedStates =
            new SharedCall<>(units ->
                    Replies.unitStates(call("ListUnitsByNames", "as", (Object) strings(units))[0]));
    private final SharedCall<Boolean> disableForBoot = disable(true);
    private final SharedCall<Boolean> disableForGood = disable(false);
    private final ChangeFeed feed =
            new ChangeFeed(
                    new ChangeFeed.LoadedStates() {
                        @Override
                        public Map<String, UnitState> of(Collection<String> units)
                                throws SystemdException {
                            return loadedOf(units);
                        }

                        @Override
                        public Map<String, UnitState> all() throws SystemdException {
                            return loadedUnits();
                        }
                    });
    private final Bus.Events events = new BusEvents();

    /** Guarded by this; null while the bus is away. */
    private @Nullable Bus bus;

    private volatile String systemd = "";
    private volatile boolean closed;

    private DbusSystemdManager(Path socket) {
        this.socket = socket;
    }

    /**
     * Connects to the bus at that socket, which may be another host's, seen through {@code
     * /proc/PID/root}.
     *
     * @throws SystemdException when there is no bus or no systemd on it
     */
    public static DbusSystemdManager connect(Path busSocket) throws SystemdException {
        var manager = new DbusSystemdManager(busSocket);
        try {
            manager.connect();
            return manager;
        } catch (SystemdException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public void linkUnitFiles(List<Path> files, boolean runtime, boolean force)
            throws SystemdException {
        List<String> paths = files.stream().map(Path::toString).toList();
        call("LinkUnitFiles", "asbb", strings(paths), runtime, force);
    }

    @Override
    public boolean enableUnitFiles(List<String> units, boolean runtime, boolean force)
            throws SystemdException {
        return (Boolean) call("EnableUnitFiles", "asbb", strings(units), runtime, force)[0];
    }

    @Override
    public void disableUnitFiles(List<String> units, boolean runtime) throws SystemdException {
        var _ = (runtime ? disableForBoot : disableForGood).request(units);
    }

    private SharedCall<Boolean> disable(boolean runtime) {
        return new SharedCall<>(units -> {
            call("DisableUnitFiles", "asb", strings(units), runtime);
            return true;
        });
    }

    @Override
    public void reload() throws SystemdException {
        sharedReload.request(
                () -> current().call(MANAGER_PATH, Bus.MANAGER, "Reload", RELOAD_TIMEOUT, ""));
    }

    @Override
    public CompletableFuture<JobResult> startUnit(String unit) throws SystemdException {
        return job("StartUnit", unit);
    }

    @Override
    public CompletableFuture<JobResult> stopUnit(String unit) throws SystemdException {
        return job("StopUnit", unit);
    }

    @Override
    public Map<String, CompletableFuture<JobResult>> queuedStarts(Collection<String> units)
            throws SystemdException {
        if (units.isEmpty()) {
            return Map.of();
        }
        jobs.callBegins();
        Map<String, String> queued = Map.of();
        Map<String, CompletableFuture<JobResult>> starts = new LinkedHashMap<>();
        try {
            queued =
                    Replies.queuedStarts(
                            call("ListUnitsByNames", "as", (Object) strings(units))[0]);
        } finally {
            starts.putAll(jobs.callFound(queued));
        }
        return starts;
    }

    @Override
    public void killUnit(String unit, int signal) throws SystemdException {
        call("KillUnit", "ssi", unit, "all", signal);
    }

    @Override
    public void resetFailedUnit(String unit) throws SystemdException {
        call("ResetFailedUnit", "s", unit);
    }

    @Override
    public Map<String, UnitState> states(Collection<String> units) throws SystemdException {
        Map<String, UnitState> states = new LinkedHashMap<>();
        if (units.isEmpty()) {
            return states;
        }
        Map<String, UnitState> told = sharedStates.request(units);
        for (String unit : units) {
            states.put(unit, told.getOrDefault(unit, UnitState.NOT_LOADED));
        }
        return states;
    }

    @Override
    public Map<String, UnitState> loadedUnits() throws SystemdException {
        return Replies.unitStates(call("ListUnits", "")[0]);
    }

    @Override
    public Map<String, Object> properties(String unit) throws SystemdException {
        // An empty interface name asks for the properties of all interfaces of the object.
        Object[] reply =
                current()
                        .call(
                                UnitPaths.pathOf(unit),
                                Bus.PROPERTIES,
                                "GetAll",
                                CALL_TIMEOUT,
                                "s",
                                "");
        return Replies.properties(reply[0]);
    }

    @Override
    public Subscription subscribe(UnitListener listener) throws SystemdException {
        return feed.subscribe(listener);
    }

    @Override
    public void close() {
        closed = true;
        Bus open;
        synchronized (this) {
            open = bus;
            bus = null;
        }
        if (open != null) {
            open.close();
        }
        jobs.failAll(
                new SystemdException(
                        SystemdException.DISCONNECTED, "the connection was closed", null));
        feed.close();
    }

    private CompletableFuture<JobResult> job(String method, String unit) throws SystemdException {
        jobs.callBegins();
        String job = null;
        CompletableFuture<JobResult> result;
        try {
            job = (String) Replies.plain(call(method, "ss", unit, REPLACE)[0]);
        } finally {
            result = jobs.callEnded(job);
        }
        return result;
    }

    /** Never makes systemd load a unit, unlike {@link #states}. */
    private Map<String, UnitState> loadedOf(Collection<String> units) throws SystemdException {
        if (units.size() > MAX_PATTERNS) {
            return loadedUnits();
        }
        // The only character of unit names that has a meaning in patterns is the backslash.
        List<String> patterns = units.stream().map(unit -> unit.replace("\\", "\\\\")).toList();
        return Replies.unitStates(
                call("ListUnitsByPatterns", "asas", new String[0], strings(patterns))[0]);
    }

    private Object[] call(String method, String signature, Object... arguments)
            throws SystemdException {
        return current()
                .call(MANAGER_PATH, Bus.MANAGER, method, CALL_TIMEOUT, signature, arguments);
    }

    private synchronized Bus current() throws SystemdException {
        if (bus == null) {
            throw new SystemdException(
                    SystemdException.DISCONNECTED,
                    "the message bus at " + socket + " is away",
                    null);
        }
        return bus;
    }

    private void connect() throws SystemdException {
        Bus fresh = Bus.connect(socket, events);
        try {
            fresh.listen(Bus.BUS, "NameOwnerChanged", BUS_PATH, events);
            fresh.listen(Bus.MANAGER, "JobRemoved", MANAGER_PATH, events);
            fresh.listen(Bus.MANAGER, "Reloading", MANAGER_PATH, events);
            fresh.listenBelow(Bus.PROPERTIES, "PropertiesChanged", UnitPaths.NAMESPACE, events);
            greet(fresh);
            synchronized (this) {
                bus = fresh;
            }
        } catch (SystemdException e) {
            fresh.close();
            throw e;
        }
        if (closed || !fresh.isConnected()) {
            events.lost(fresh, closed ? "closed" : "lost again at once");
        }
    }

    /** systemd sends no signals of units before somebody subscribes. */
    private void greet(Bus fresh) throws SystemdException {
        systemd = fresh.ownerOfSystemd(CALL_TIMEOUT);
        fresh.call(MANAGER_PATH, Bus.MANAGER, "Subscribe", CALL_TIMEOUT, "");
    }

    private void reconnect() {
        long pause = FIRST_RETRY_MILLIS;
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
                connect();
                feed.restored();
                return;
            } catch (SystemdException stillAway) {
                pause = Math.min(pause * 2, LAST_RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * systemd re-executed itself: same units, but a new connection that nobody subscribed to yet.
     */
    private void greetAgain() {
        try {
            greet(current());
            feed.restored();
        } catch (SystemdException e) {
            if (!e.errorName().equals(SystemdException.DISCONNECTED)) {
                dropBus("systemd does not answer: " + e.getMessage());
            }
        }
    }

    private void dropBus(String reason) {
        try {
            Bus current = current();
            current.close();
            events.lost(current, reason);
        } catch (SystemdException goneAlready) {
            // Whoever found it gone makes the new connection.
            return;
        }
    }

    private static String[] strings(Collection<String> values) {
        return new ArrayList<>(values).toArray(String[]::new);
    }

    private final class BusEvents implements Bus.Events {
        @Override
        public void signal(DBusSignal signal) {
            if (signal.getPath().equals(BUS_PATH)) {
                ownerChanged(signal);
            } else if (systemd.equals(signal.getSource())) {
                // Anybody on the bus can send signals that look like systemd's: only its own count.
                UnitPaths.unitOf(signal.getPath())
                        .ifPresentOrElse(feed::touched, () -> ofManager(signal));
            }
        }

        private void ownerChanged(DBusSignal signal) {
            Object[] values = parameters(signal);
            boolean ofSystemd = values.length == 3 && Bus.SYSTEMD.equals(values[0]);
            if (ofSystemd
                    && values[2] instanceof String owner
                    && !owner.isEmpty()
                    && !owner.equals(systemd)) {
                Thread.ofVirtual().name("systemd-greet").start(DbusSystemdManager.this::greetAgain);
            }
        }

        private void ofManager(DBusSignal signal) {
            Object[] values = parameters(signal);
            switch (signal.getName()) {
                case "JobRemoved" -> {
                    String job = (String) Replies.plain(values[1]);
                    jobs.jobRemoved(job, JobResult.of((String) values[3]));
                    feed.touched((String) values[2]);
                }
                case "Reloading" -> {
                    if (Boolean.FALSE.equals(values[0])) {
                        feed.allTouched();
                    }
                }
                default ->
                        throw new IllegalStateException(
                                "a signal that nobody asked for: " + signal);
            }
        }

        private Object[] parameters(DBusSignal signal) {
            try {
                Object[] values = signal.getParameters();
                return values == null ? new Object[0] : values;
            } catch (DBusException e) {
                throw new IllegalStateException(
                        "a signal of systemd that cannot be decoded: " + signal, e);
            }
        }

        @Override
        public void lost(Bus lostBus, String reason) {
            synchronized (DbusSystemdManager.this) {
                if (bus != lostBus) {
                    return;
                }
                bus = null;
            }
            var error =
                    new SystemdException(
                            SystemdException.DISCONNECTED,
                            "the message bus at " + socket + " was lost: " + reason,
                            null);
            jobs.failAll(error);
            if (!closed) {
                feed.lost(error);
                Thread.ofVirtual()
                        .name("systemd-reconnect")
                        .start(DbusSystemdManager.this::reconnect);
            }
        }
    }
}
