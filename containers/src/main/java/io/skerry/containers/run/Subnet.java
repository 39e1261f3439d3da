package io.skerry.containers.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses of a host's containers: those that flannel leased for the host, where it runs, and
 * then containers of other hosts reach them; else a network that only this host knows.
 *
 * @param base the first address as a number, unsigned
 * @param prefix length of the network part, 8 to 30
 * @param mtu largest packet in bytes
 * @param reach where containers are reached by their own addresses, as ADDRESS/PREFIX
 */
record Subnet(long base, int prefix, int mtu, String reach) {
    private static final Pattern CIDR =
            Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+)\\.([0-9]+)/([0-9]+)");
    private static final int MOST_TRIED = 65_536;

    /** That of a host without an overlay network; each has the same. */
    static final Subnet OWN = parse("10.89.0.0/16", 1500, "10.89.0.0/16");

    Subnet {
        if (prefix < 8 || prefix > 30 || mtu < 576 || mtu > 65_535) {
            throw new IllegalArgumentException(
                    "a network of containers has a prefix of 8 to 30 and an mtu of 576 to 65535,"
                            + " not "
                            + prefix
                            + " and "
                            + mtu);
        }
    }

    /** Reads what flannel wrote into a file. */
    static Subnet ofFlannel(Path file, Map<String, String> variables) throws IOException {
        try {
            String subnet = variables.getOrDefault("FLANNEL_SUBNET", "");
            if (subnet.isEmpty() && variables.containsKey("FLANNEL_IPV6_SUBNET")) {
                return OWN; // containers have addresses of IPv4 alone
            }
            return parse(
                    subnet,
                    Integer.parseInt(variables.getOrDefault("FLANNEL_MTU", "1500")),
                    variables.getOrDefault("FLANNEL_NETWORK", subnet));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not as flannel writes it: " + e.getMessage(), e);
        }
    }

    static Subnet parse(String cidr, int mtu, String reach) {
        Matcher parts = CIDR.matcher(cidr);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + cidr + "' is no network such as 10.1.15.0/24");
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(parts.group(i));
            if (octet > 255) {
                throw new IllegalArgumentException(cidr + " has a number above 255");
            }
            address = address << 8 | octet;
        }
        int prefix = Integer.parseInt(parts.group(5));
        if (prefix < 8 || prefix > 30) {
            throw new IllegalArgumentException(cidr + " must have a prefix of 8 to 30");
        }
        long size = 1L << (32 - prefix);
        return new Subnet(address / size * size, prefix, mtu, reach);
    }

    String cidr() {
        return text(base) + "/" + prefix;
    }

    /** Whether an address is of it. */
    boolean contains(String address) {
        return base == parse(address + "/" + prefix, mtu, reach).base();
    }

    /** The host's own address in it. */
    String gateway() {
        return text(base + 1);
    }

    /** The lowest address that nobody has. */
    String assign(Set<String> taken) throws ContainerException {
        long last = base + (1L << (32 - prefix)) - 2;
        for (long address = base + 2; address <= last && address < base + MOST_TRIED; address++) {
            if (!taken.contains(text(address))) {
                return text(address);
            }
        }
        throw new ContainerException(
                "all addresses of " + cidr() + " are taken by this host's containers");
    }

    private static String text(long address) {
        return (address >> 24 & 255)
                + "."
                + (address >> 16 & 255)
                + "."
                + (address >> 8 & 255)
                + "."
                + (address & 255);
    }
}
