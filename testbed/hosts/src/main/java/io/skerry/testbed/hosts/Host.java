package io.skerry.testbed.hosts;

import java.util.regex.Pattern;

/**
 * Identity of one virtual host; it stays the same for as long as the playground exists.
 *
 * @param number counted from 1
 * @param machineId 32 hexadecimal digits, in the host's /etc/machine-id
 * @param storePort loopback port of the machine that leads to the host's store (2379)
 * @param fleetPort loopback port of the machine that leads to the host's fleet API (49153)
 */
public record Host(int number, String machineId, int storePort, int fleetPort) {
    /** Most hosts of one playground; bounded by the ports that are set aside for it. */
    public static final int MAX_HOSTS = 32;

    /** Port on the host where its store serves clients. */
    public static final int STORE_PORT = 2379;

    /** Port on the host where its fleet API listens. */
    public static final int FLEET_PORT = 49153;

    private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");

    public Host {
        if (number < 1 || number > MAX_HOSTS) {
            throw new IllegalArgumentException(
                    "host number " + number + " is not within 1 to " + MAX_HOSTS);
        }
        if (!MACHINE_ID.matcher(machineId).matches()) {
            throw new IllegalArgumentException(
                    "machine id \"" + machineId + "\" is not 32 hexadecimal digits");
        }
    }

    public String name() {
        return "h" + number;
    }

    public String address() {
        return addressOf(number);
    }

    /** The address that host {@code number} has or would have. */
    public static String addressOf(int number) {
        return "10.88.0." + (10 + number);
    }

    /** Fixed, so that faults can name a host by it whatever addresses its packets carry. */
    String mac() {
        return "02:88:00:00:00:%02x".formatted(10 + number);
    }

    @Override
    public String toString() {
        return name();
    }
}
