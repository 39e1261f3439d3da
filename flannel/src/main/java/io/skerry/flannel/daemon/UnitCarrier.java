package io.skerry.flannel.daemon;

import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.proxy.HostTable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has packets carried by a unit of systemd, so that they travel while this program is away, also
 * when it was killed with all processes of its own unit.
 */
final class UnitCarrier implements PacketCarrier {
    /** The unit that it is. */
    private static final String UNIT = "skerry-flannel-udp.service";

    private static final Path UNIT_FILE = Path.of("/run/systemd/system", UNIT);

    /** Somebody may have stopped the unit. */
    private static final long NANOS_BETWEEN_CHECKS = 2_000_000_000L;

    /** Longer than systemd gives the carrier to start. */
    private static final Duration SYSTEMCTL_LIMIT = Duration.ofMinutes(2);

    private final List<String> command;
    private final String device;
    private final Path table;
    private boolean checked;
    private long lastCheck;

    /**
     * @param command what runs the carrier, to which its arguments are added
     * @param table where it reads where subnets are
     */
    UnitCarrier(List<String> command, String device, Ip4 local, int port, Path table) {
        this.command =
                Stream.concat(
                                command.stream(),
                                Stream.of(
                                        "--device",
                                        device,
                                        "--listen",
                                        local + ":" + port,
                                        "--table",
                                        table.toString()))
                        .toList();
        this.device = device;
        this.table = table;
    }

    @Override
    public void carry(HostTable hosts) throws IOException, InterruptedException {
        SubnetEnv.replaceIfChanged(table, hosts.text());
        if (checked && System.nanoTime() - lastCheck < NANOS_BETWEEN_CHECKS) {
            return;
        }
        String unit = unit();
        if (!Files.exists(UNIT_FILE) || !Files.readString(UNIT_FILE).equals(unit)) {
            Files.createDirectories(Path.of("/run/systemd/system"));
            Files.writeString(UNIT_FILE, unit);
            systemctl("daemon-reload");
            systemctl("restart", UNIT);
        } else {
            systemctl("start", UNIT); // nothing happens to one that runs
        }
        checked = true;
        lastCheck = System.nanoTime();
    }

    private String unit() throws IOException {
        return """
        # Written by Skerry, by the program of %s.
        [Unit]
        Description=Carries packets of Skerry's overlay network
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        NotifyAccess=main
        Environment=SKERRY_JAVA_HOME=%s
        Environment="SKERRY_JAVA_OPTS=-XX:TieredStopAtLevel=4 -Xmx32m"
        ExecStart=%s
        Restart=always
        RestartSec=200ms
        TimeoutStartSec=90s
        """
                .formatted(
                        programTime(), System.getProperty("java.home"), String.join(" ", command));
    }

    /** So that another program than the one that was started last is taken up. */
    private static FileTime programTime() throws IOException {
        try {
            var code = UnitCarrier.class.getProtectionDomain().getCodeSource().getLocation();
            return Files.getLastModifiedTime(Path.of(code.toURI()));
        } catch (URISyntaxException e) {
            throw new IOException("where this program is cannot be told: " + e.getMessage(), e);
        }
    }

    private static void systemctl(String... words) throws CommandException, InterruptedException {
        Command.of(Stream.concat(Stream.of("systemctl"), Stream.of(words)).toList())
                .timeout(SYSTEMCTL_LIMIT)
                .check();
    }

    /** By the device's own counters; what the carrier drops itself is in none of them. */
    @Override
    public Counts counts() {
        return new Counts(
                counter("tx_packets"),
                counter("rx_packets"),
                counter("tx_dropped") + counter("rx_dropped"));
    }

    private long counter(String name) {
        try {
            Path file = Path.of("/sys/class/net", device, "statistics", name);
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            return 0; // there is no such device now
        }
    }

    @Override
    public boolean isBroken() {
        return false;
    }

    @Override
    public boolean endsWithProgram() {
        return false;
    }

    @Override
    public void leave() {
        // It goes on.
    }

    @Override
    public void end() throws IOException, InterruptedException {
        removeLeftover();
    }

    /** Removes what a former configuration, or an earlier run, has left. */
    static void removeLeftover() throws IOException, InterruptedException {
        if (Files.exists(UNIT_FILE)) {
            systemctl("stop", UNIT);
            Files.delete(UNIT_FILE);
            systemctl("daemon-reload");
        }
    }
}
