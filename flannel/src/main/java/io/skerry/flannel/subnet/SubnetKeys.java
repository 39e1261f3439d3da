package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
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

    /** The second half is that of a network which has IPv6, too. */
    private static final Pattern SUBNETS =
            Pattern.compile("([0-9.]+)-([0-9]{1,2})(?:&([0-9a-f:]+)-([0-9]{1,3}))?");

    /** What stands for the half of IPv4 in a network that has none. */
    private static final Cidr4 NONE = new Cidr4(new Ip4(0), 0);

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

    public String subnets(PerFamily<Cidr> subnets) {
        return subnets() + name(subnets);
    }

    /** What the keys of network policies begin with; only this program has them. */
    public String policies() {
        return prefix + "/skerry/policies/";
    }

    /** What the keys of remembered subnets begin with; only this program has them. */
    String remembered() {
        return prefix + "/skerry/remembered/";
    }

    String remembered(Cidr subnet) {
        return remembered() + name(PerFamily.only(subnet.family(), subnet));
    }

    private static String name(PerFamily<Cidr> subnets) {
        String ipv4 = name(subnets.ipv4().orElse(NONE));
        return subnets.ipv6().map(ipv6 -> ipv4 + "&" + name(ipv6)).orElse(ipv4);
    }

    private static String name(Cidr subnet) {
        return subnet.address() + "-" + subnet.length();
    }

    /**
     * The subnets at the end of a key, whatever is before them; empty if there are none, or if an
     * address is not the first of a subnet, which the kernel would refuse as a route.
     */
    static Optional<PerFamily<Cidr>> subnetsOf(String key) {
        var name = SUBNETS.matcher(key.substring(key.lastIndexOf('/') + 1));
        if (!name.matches()) {
            return Optional.empty();
        }
        var ipv4 = Cidr4.parse(name.group(1) + "/" + name.group(2));
        Optional<Cidr6> ipv6 =
                name.group(3) == null
                        ? Optional.empty()
                        : Cidr6.parse(name.group(3) + "/" + name.group(4));
        boolean unclear = ipv4.isEmpty() || (name.group(3) != null && ipv6.isEmpty());
        boolean none = ipv6.isEmpty() && ipv4.equals(Optional.of(NONE));
        if (unclear || none) {
            return Optional.empty();
        }
        var subnets =
                new PerFamily<Cidr>(
                        ipv4.filter(subnet -> !subnet.equals(NONE)).map(Cidr.class::cast),
                        ipv6.map(Cidr.class::cast));
        return Optional.of(subnets)
                .filter(all -> all.all().stream().allMatch(one -> one.equals(one.network())));
    }
}
