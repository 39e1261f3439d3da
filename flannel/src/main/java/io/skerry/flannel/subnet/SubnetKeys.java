package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of flannel's keys.
 *
 * @param prefix without a slash at its end
 */
public record SubnetKeys(String prefix) {
    /** Where a network is when nothing else is said. */
    public static final String DEFAULT_PREFIX = "/coreos.com/network";

    /** A second half after {@code &} is that of a host which has IPv6, too. */
    private static final Pattern SUBNET = Pattern.compile("([0-9.]+)-([0-9]{1,2})(?:&.+)?");

    public SubnetKeys {
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException(
                    "the prefix of flannel's keys is \""
                            + prefix
                            + "\" and must begin with /, like "
                            + DEFAULT_PREFIX);
        }
    }

    public String config() {
        return prefix + "/config";
    }

    /** What the keys of all leases begin with. */
    public String subnets() {
        return prefix + "/subnets/";
    }

    public String subnet(Cidr4 subnet) {
        return subnets() + name(subnet);
    }

    /** What the keys of remembered subnets begin with; only this program has them. */
    String remembered() {
        return prefix + "/skerry/remembered/";
    }

    String remembered(Cidr4 subnet) {
        return remembered() + name(subnet);
    }

    private static String name(Cidr4 subnet) {
        return subnet.address() + "-" + subnet.length();
    }

    /**
     * The subnet at the end of a key, whatever is before it; empty if there is none, or if its
     * address is not the first of a subnet, which the kernel would refuse as a route.
     */
    static Optional<Cidr4> subnetOf(String key) {
        var name = SUBNET.matcher(key.substring(key.lastIndexOf('/') + 1));
        if (!name.matches() || Integer.parseInt(name.group(2)) > 32) {
            return Optional.empty();
        }
        int length = Integer.parseInt(name.group(2));
        return Ip4.parse(name.group(1))
                .map(address -> new Cidr4(address, length))
                .filter(subnet -> subnet.equals(subnet.network()));
    }
}
