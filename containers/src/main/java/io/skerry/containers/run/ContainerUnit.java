package io.skerry.containers.run;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitOption;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The unit file of a container.
 *
 * <p>The node prepares on request over its socket, which costs curl's few milliseconds; a JVM in
 * {@code ExecStartPre} would cost half a second of processor time and count against the unit's
 * memory limit. runc detaches, so that the container's first process is the unit's main process and
 * nothing else stays in memory: what it writes goes to the journal by itself, systemd reaps it,
 * tells its exit code and restarts it. It is created first and started when systemd knows it: of a
 * process that has ended before that, systemd could not tell how.
 *
 * <p>The unit stops the process itself, since a stop that takes longer than systemd's own limit
 * counts as a failure whatever is said of exit statuses. A process 1 without a handler ignores
 * SIGTERM, and that it is killed when its time is up is the end that was asked for. So the signal
 * SIGKILL counts as success, but only if the stop has left a mark before; killed by the kernel for
 * want of memory, or by somebody else, the container has failed.
 *
 * @param memoryBytes 0: no limit
 * @param cpuPercent of one processor; 0: no limit
 * @param stopTimeout between SIGTERM and SIGKILL
 * @param fleet options of the section {@code [X-Fleet]}
 */
public record ContainerUnit(
        ContainerName name,
        ContainerSpec spec,
        long memoryBytes,
        int cpuPercent,
        boolean restart,
        Duration stopTimeout,
        List<UnitOption> fleet) {
    /** What runc itself needs while it starts a container in the unit's control group. */
    public static final long LEAST_MEMORY_BYTES = 16L << 20;

    static final String CURL =
            "/usr/bin/curl --silent --show-error --fail-with-body --max-time 120 --request POST"
                    + " --unix-socket "
                    + HostPaths.SOCKET
                    + " http://host/";

    /** That the container is being stopped; in the host's folder, for the bundle goes first. */
    private static final String STOPPING = HostPaths.RUN + "/%N.stopping";

    /** For what is to come after SIGKILL, on a busy host. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(30);

    /** Exit status of a shell whose command was killed. */
    private static final int KILLED = 137;

    /**
     * The last thing a unit does: to fail if the process was killed and nobody had asked for it.
     */
    static final String REFUSE_KILLED =
            "/bin/sh -c 'test \"$$EXIT_STATUS\" != KILL || test -e "
                    + STOPPING
                    + " || status="
                    + KILLED
                    + "; rm -f "
                    + STOPPING
                    + "; exit $${status:-0}'";

    private static final String RUNC = "/usr/sbin/runc --root " + HostPaths.RUNC_STATE;

    public ContainerUnit {
        fleet = List.copyOf(fleet);
        if (memoryBytes != 0 && memoryBytes < LEAST_MEMORY_BYTES) {
            throw new IllegalArgumentException("too little memory: " + memoryBytes);
        }
    }

    /** The file as systemd and fleet read it. */
    public UnitFile file() throws ContainerException {
        var options = new ArrayList<UnitOption>();
        options.add(
                new UnitOption("Unit", "Description", "Container " + name + " of " + spec.image()));
        if (restart) {
            options.add(new UnitOption("Unit", "StartLimitIntervalSec", "0"));
        }
        options.addAll(service());
        options.addAll(spec.options());
        options.addAll(fleet);
        try {
            return UnitFile.of(name.unit(), options);
        } catch (UnitFileException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<UnitOption> service() {
        var lines = new ArrayList<String>();
        String bundle = HostPaths.BUNDLES + "/%N";
        String id = name.isInstance() ? "%p+%i" : "%N"; // ContainerName.runtimeId()
        lines.add("Type=forking");
        lines.add("PIDFile=" + bundle + "/pid");
        lines.add("SyslogIdentifier=%N");
        lines.add("ExecStartPre=" + CURL + "prepare/%n");
        lines.add(
                "ExecStart="
                        + RUNC
                        + " create --bundle "
                        + bundle
                        + " --pid-file "
                        + bundle
                        + "/pid "
                        + id);
        lines.add("ExecStartPost=" + RUNC + " start " + id);
        lines.add("ExecStop=-" + stop());
        lines.add("ExecStopPost=-" + RUNC + " delete --force " + id);
        lines.add("ExecStopPost=-" + CURL + "clear/%n");
        lines.add("ExecStopPost=" + REFUSE_KILLED);
        lines.add("SuccessExitStatus=SIGKILL");
        lines.add("Delegate=yes");
        if (name.isInstance()) {
            lines.add("Slice=system.slice"); // and not one for each name, which would stay
        }
        lines.add("KillMode=mixed");
        lines.add("TimeoutStartSec=150s");
        lines.add("TimeoutStopSec=" + stopTimeout.plus(STOP_MARGIN).toMillis() + "ms");
        if (memoryBytes > 0) {
            lines.add("MemoryMax=" + memoryBytes);
            lines.add("MemorySwapMax=0");
        }
        if (cpuPercent > 0) {
            lines.add("CPUQuota=" + cpuPercent + "%");
        }
        if (restart) {
            lines.add("Restart=always");
            lines.add("RestartSec=1s");
        }
        return lines.stream()
                .map(line -> line.split("=", 2))
                .map(pair -> new UnitOption("Service", pair[0], pair[1]))
                .toList();
    }

    /**
     * SIGTERM, and SIGKILL when the time is up. systemd runs this as well when the process has
     * ended by itself; then it names none. If it ends meanwhile, the shell does not say so: what it
     * says would be among what the container has written.
     */
    private String stop() {
        return "/bin/sh -c 'test -n \"$$MAINPID\" || exit 0; touch "
                + STOPPING
                + "; exec 2>/dev/null; kill -TERM $$MAINPID; timeout "
                + BigDecimal.valueOf(stopTimeout.toMillis(), 3).stripTrailingZeros().toPlainString()
                + " tail -s 0.02 -f /dev/null --pid=$$MAINPID || kill -KILL $$MAINPID'";
    }
}
