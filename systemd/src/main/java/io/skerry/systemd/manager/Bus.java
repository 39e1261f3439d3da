package io.skerry.systemd.manager;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a message bus: calls without proxies or introspection, and signals undecoded,
 * so that the body of a {@code PropertiesChanged}, of which only the path matters here, is never
 * parsed. When it is lost it stays lost; {@link DbusSystemdManager} makes a new one.
 */
final class Bus implements AutoCloseable {
    static final String MANAGER = "org.freedesktop.systemd1.Manager";
    static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    static final String BUS = "org.freedesktop.DBus";
    static final String SYSTEMD = "org.freedesktop.systemd1";

    private static final String BUS_PATH = "/org/freedesktop/DBus";

    /** The library logs a lost bus as an error with its stack; we tell it as what it is. */
    private static final Logger LIBRARY = Logger.getLogger("org.freedesktop.dbus");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    /** The bus daemon refuses a connection's calls when 128 of them wait for a reply. */
    private static final int MAX_CALLS_UNDER_WAY = 32;

    /** What the bus tells unasked. Called on the library's threads: must not block. */
    interface Events {
        void signal(DBusSignal signal);

        void lost(Bus bus, String reason);
    }

    private final DBusConnection connection;
    private final Path socket;
    private final Semaphore turns = new Semaphore(MAX_CALLS_UNDER_WAY, true);

    private Bus(DBusConnection connection, Path socket) {
        this.connection = connection;
        this.socket = socket;
    }

    static Bus connect(Path socket, Events events) throws SystemdException {
        var lost = new LostCallback(events);
        try {
            DBusConnection connection =
                    DBusConnectionBuilder.forAddress("unix:path=" + socket)
                            .withShared(false)
                            .withDisconnectCallback(lost)
                            .receivingThreadConfig()
                            .withSignalThreadCount(1)
                            .withMethodCallThreadCount(1)
                            .connectionConfig()
                            .build();
            var bus = new Bus(connection, socket);
            lost.bus = bus;
            return bus;
        } catch (DBusException | DBusExecutionException e) {
            throw new SystemdException(
                    SystemdException.DISCONNECTED,
                    "cannot connect to the message bus at "
                            + socket
                            + " ("
                            + rootMessage(e)
                            + "); is D-Bus running on that host?",
                    e);
        }
    }

    /** Hears one kind of signal of one object. */
    void listen(String interfaceName, String signal, String path, Events events)
            throws SystemdException {
        listen(rule(interfaceName, signal).withPath(path), events);
    }

    /** Hears one kind of signal of all objects below a path. */
    void listenBelow(String interfaceName, String signal, String path, Events events)
            throws SystemdException {
        listen(rule(interfaceName, signal).withPathNamespace(path), events);
    }

    private static DBusMatchRuleBuilder rule(String interfaceName, String signal) {
        return DBusMatchRuleBuilder.create()
                .withType("signal")
                .withInterface(interfaceName)
                .withMember(signal);
    }

    private void listen(DBusMatchRuleBuilder rule, Events events) throws SystemdException {
        try {
            var _ = connection.addGenericSigHandler(rule.build(), events::signal);
        } catch (DBusException | DBusExecutionException e) {
            throw disconnected(e);
        }
    }

    /** The unique name under which systemd sends its signals. */
    String ownerOfSystemd(Duration timeout) throws SystemdException {
        return (String) call(BUS, BUS_PATH, BUS, "GetNameOwner", timeout, "s", SYSTEMD)[0];
    }

    /** Calls a method of systemd and waits for the reply's values. */
    Object[] call(
            String path,
            String interfaceName,
            String method,
            Duration timeout,
            String signature,
            Object... arguments)
            throws SystemdException {
        return call(SYSTEMD, path, interfaceName, method, timeout, signature, arguments);
    }

    private Object[] call(
            String destination,
            String path,
            String interfaceName,
            String method,
            Duration timeout,
            String signature,
            Object... arguments)
            throws SystemdException {
        Message reply;
        try {
            // D-Bus knows no empty signature in a message: no arguments means no signature.
            @Nullable String sig = signature.isEmpty() ? null : signature;
            MethodCall call =
                    connection
                            .getMessageFactory()
                            .createMethodCall(
                                    destination,
                                    path,
                                    interfaceName,
                                    method,
                                    (byte) 0,
                                    sig,
                                    arguments);
            reply = exchange(call, timeout);
        } catch (DBusException | DBusExecutionException e) {
            throw disconnected(e);
        }
        if (reply == null) {
            throw new SystemdException(
                    SystemdException.NO_REPLY,
                    method + ": no answer from systemd within " + timeout.toSeconds() + " s",
                    null);
        }
        try {
            Object[] values = reply.getParameters();
            if (reply instanceof Error error) {
                throw refused(method, error.getName(), values);
            }
            return values == null ? new Object[0] : values;
        } catch (DBusException e) {
            throw new SystemdException(
                    "org.freedesktop.DBus.Error.InconsistentMessage",
                    method + ": the answer could not be decoded: " + e.getMessage(),
                    e);
        }
    }

    private @Nullable Message exchange(MethodCall call, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            if (!turns.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            connection.sendMessage(call);
            return await(call, deadline);
        } finally {
            turns.release();
        }
    }

    private static @Nullable Message await(MethodCall call, long deadline) {
        while (!call.hasReply() && !Thread.currentThread().isInterrupted()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return null;
            }
            Message reply = call.getReply(millis);
            if (reply != null) {
                return reply;
            }
        }
        return call.hasReply() ? call.getReply(1) : null;
    }

    private SystemdException refused(String method, String name, Object @Nullable [] values) {
        String text = values == null || values.length == 0 ? name : String.valueOf(values[0]);
        // The library answers calls that were under way when the bus went with a Java class's name.
        if (name.startsWith("java.") || name.startsWith("org.freedesktop.dbus.")) {
            return disconnected(new IOException(text));
        }
        return new SystemdException(name, method + ": " + text, null);
    }

    private SystemdException disconnected(Throwable cause) {
        return new SystemdException(
                SystemdException.DISCONNECTED,
                "the message bus at " + socket + " is away: " + rootMessage(cause),
                cause);
    }

    boolean isConnected() {
        return connection.isConnected();
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    /** The library may tell of one loss by several callbacks, even while it is still connecting. */
    private static final class LostCallback implements IDisconnectCallback {
        private final Events events;
        volatile @Nullable Bus bus;

        LostCallback(Events events) {
            this.events = events;
        }

        @Override
        public void disconnectOnError(IOException e) {
            tell(rootMessage(e));
        }

        @Override
        public void clientDisconnect() {
            tell("the bus closed the connection");
        }

        private void tell(String reason) {
            Bus lost = bus;
            if (lost != null) {
                events.lost(lost, reason);
            }
        }
    }
}
