package io.skerry.containers.run;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A container that is started by the first connection to a port of the host, and stopped when there
 * has been none for a while: a socket unit listens, a unit with systemd's proxy carries connections
 * to the container and needs it. Where the socket is, the others are.
 *
 * <p>Who connects early waits at the socket: the proxy begins when the container takes connections.
 * It ends with the container, so that the next connection starts both anew.
 *
 * <p>When the container fails, those who wait are turned away, and whoever connects afterwards has
 * it tried again, a pause later. systemd would give the socket up for good otherwise: connections
 * that nobody has taken start the failing unit over and over, up to its limits.
 *
 * @param container publishes no port itself and is not restarted
 * @param port of the host and of the container, TCP
 * @param idle for how long without a connection the container stays
 */
public record OnDemand(ContainerUnit container, PublishedPort port, Duration idle) {
    private static final String PROXY = "/usr/lib/systemd/systemd-socket-proxyd";

    /** How curl ends when it is refused what it asks for. */
    private static final int HTTP_ERROR = 22;

    /** A pause between two tries; what ends well needs none. Killed may mean well or not. */
    private static final String AFTER_FAILURE =
            "/bin/sh -c '{ test $$SERVICE_RESULT = success && test \"$$EXIT_STATUS\" != KILL; }"
                    + " || exec sleep 2'";

    /** For how long a container may take until it takes connections. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The socket unit of a container, be there one or not. */
    public static String socketOf(ContainerName name) {
        return name.companion("-proxy", ".socket");
    }

    /** The unit that carries the connections of a container, be there one or not. */
    public static String proxyOf(ContainerName name) {
        return name.companion("-proxy", ".service");
    }

    /** The files of all its units by their names. */
    public SequencedMap<String, UnitFile> files() throws ContainerException {
        ContainerName name = container.name();
        var files = new LinkedHashMap<String, UnitFile>();
        put(files, socketOf(name), socket(name));
        put(files, proxyOf(name), proxy(name));
        put(files, name.unit(), needed(name));
        return files;
    }

    private static void put(
            SequencedMap<String, UnitFile> files, String name, List<UnitOption> options)
            throws ContainerException {
        try {
            files.put(name, UnitFile.of(name, options));
        } catch (UnitFileException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<UnitOption> socket(ContainerName name) {
        var options = new ArrayList<UnitOption>();
        options.add(new UnitOption("Unit", "Description", "Starts container " + name));
        options.add(new UnitOption("Unit", "StartLimitIntervalSec", "0"));
        options.add(new UnitOption("Socket", "ListenStream", Integer.toString(port.host())));
        options.add(new UnitOption("Socket", "ExecStartPre", refusal()));
        options.add(new UnitOption("Socket", "TriggerLimitIntervalSec", "0"));
        options.add(new UnitOption("Socket", "FlushPending", "yes"));
        options.addAll(container.fleet());
        return options;
    }

    /** Fails when the host leads the port elsewhere, which systemd would not notice. */
    private String refusal() {
        return "/bin/sh -c '"
                + ContainerUnit.CURL
                + "claim/"
                + port.host()
                + "; test $$? -ne "
                + HTTP_ERROR
                + "'";
    }

    private List<UnitOption> proxy(ContainerName name) {
        String address = "$$(cat " + HostPaths.bundle(name).resolve(Bundle.ADDRESS) + ")";
        String wait =
                "until (exec 3<>/dev/tcp/%s/%d) 2>/dev/null; do sleep 0.05; done"
                        .formatted(address, port.inside());
        String carry =
                "exec %s --exit-idle-time=%ds %s:%d"
                        .formatted(PROXY, idle.toSeconds(), address, port.inside());
        return List.of(
                new UnitOption("Unit", "Description", "Connections of container " + name),
                new UnitOption("Unit", "BindsTo", name.unit()),
                new UnitOption("Unit", "After", name.unit()),
                new UnitOption("Unit", "PartOf", socketOf(name)),
                new UnitOption("Unit", "StartLimitIntervalSec", "0"),
                new UnitOption("Service", "Type", "exec"),
                new UnitOption("Service", "User", "daemon"),
                new UnitOption("Service", "NoNewPrivileges", "yes"),
                new UnitOption("Service", "TimeoutStartSec", PATIENCE.toSeconds() + "s"),
                new UnitOption("Service", "ExecStartPre", "/bin/bash -c '" + wait + "'"),
                new UnitOption("Service", "ExecStart", "/bin/bash -c '" + carry + "'"),
                follows(name));
    }

    /** The container's own unit, which systemd stops when the proxy is gone. */
    private List<UnitOption> needed(ContainerName name) throws ContainerException {
        var options = new ArrayList<>(container.file().options());
        options.removeIf(option -> option.section().equals("X-Fleet"));
        options.addFirst(new UnitOption("Unit", "StopWhenUnneeded", "yes"));
        options.addFirst(new UnitOption("Unit", "StartLimitIntervalSec", "0"));
        // Before the one that may fail, after which systemd runs no other.
        options.add(
                options.indexOf(
                        new UnitOption("Service", "ExecStopPost", ContainerUnit.REFUSE_KILLED)),
                new UnitOption("Service", "ExecStopPost", AFTER_FAILURE));
        options.add(follows(name));
        return options;
    }

    private static UnitOption follows(ContainerName name) {
        return new UnitOption("X-Fleet", "MachineOf", socketOf(name));
    }
}
