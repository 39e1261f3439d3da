package io.skerry.flannel.config;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The fields that make one family's range of subnets.
 *
 * @param prefix what the names begin with
 * @param usualLength of a subnet in a network that has room for four of them
 * @param longestLength that a subnet may have
 * @param longestNetwork with more bits than that, a network holds no four subnets of use
 */
record RangeFields(
        Family family,
        String prefix,
        String example,
        int usualLength,
        int longestLength,
        int longestNetwork) {
    static final RangeFields IPV4 = new RangeFields(Family.IPV4, "", "10.5.0.0/16", 24, 30, 28);
    static final RangeFields IPV6 =
            new RangeFields(Family.IPV6, "IPv6", "fd00:5::/48", 64, 126, 124);

    private String name(String field) {
        return prefix + field;
    }

    /** Reads the range of a family that the network has. */
    SubnetRange read(Fields fields) throws ConfigFault {
        Cidr network =
                network(fields)
                        .orElseThrow(() ->
                                new ConfigFault(
                                        name("Network")
                                                + " is missing; give all addresses of the network,"
                                                + " like "
                                                + example))
                        .network();
        int length = subnetLength(fields, network);
        Cidr first = Cidr.of(network.first(), length);
        Cidr min = bound(fields, name("SubnetMin"), network, length, first.next(1));
        Cidr last = Cidr.of(network.last(), length).network();
        Cidr max = bound(fields, name("SubnetMax"), network, length, last);
        if (min.compareTo(max) > 0) {
            throw fields.refusal(
                    name("SubnetMin"),
                    min.address().toString(),
                    "at most " + name("SubnetMax") + ", which is " + max.address());
        }
        return new SubnetRange(network, min, max);
    }

    /** Knows the fields of a family that the network does not have, which say nothing then. */
    void ignore(Fields fields) throws ConfigFault {
        fields.text(name("Network"));
        lengthField(fields);
        fields.text(name("SubnetMin"));
        fields.text(name("SubnetMax"));
    }

    private OptionalInt lengthField(Fields fields) throws ConfigFault {
        return fields.number(name("SubnetLen"), 1, longestLength);
    }

    private Optional<? extends Cidr> network(Fields fields) throws ConfigFault {
        return switch (family) {
            case IPV4 ->
                    fields.parsed(name("Network"), Cidr4::parse, "an IPv4 network like " + example);
            case IPV6 ->
                    fields.parsed(name("Network"), Cidr6::parse, "an IPv6 network like " + example);
        };
    }

    private Optional<? extends Ip> address(Fields fields, String name) throws ConfigFault {
        return switch (family) {
            case IPV4 -> fields.parsed(name, Ip4::parse, "an IPv4 address like 10.5.1.0");
            case IPV6 -> fields.parsed(name, Ip6::parse, "an IPv6 address like fd00:5:0:1::");
        };
    }

    private int subnetLength(Fields fields, Cidr network) throws ConfigFault {
        var given = lengthField(fields);
        if (given.isEmpty()) {
            if (network.length() > longestNetwork) {
                throw fields.refusal(
                        name("Network"),
                        network.toString(),
                        "at least as large as a /" + longestNetwork);
            }
            return network.length() < usualLength - 1 ? usualLength : network.length() + 2;
        }
        int length = given.getAsInt();
        if (length < network.length() + 2) {
            throw fields.refusal(
                    name("SubnetLen"),
                    Integer.toString(length),
                    "at least "
                            + (network.length() + 2)
                            + ", so that four subnets fit into "
                            + name("Network")
                            + " "
                            + network);
        }
        return length;
    }

    private Cidr bound(Fields fields, String name, Cidr network, int length, Cidr otherwise)
            throws ConfigFault {
        var given = address(fields, name);
        if (given.isEmpty()) {
            return otherwise;
        }
        Ip bound = given.get();
        if (!network.contains(bound)) {
            throw fields.refusal(
                    name, bound.toString(), "within " + name("Network") + " " + network);
        }
        Cidr subnet = Cidr.of(bound, length);
        if (!subnet.equals(subnet.network())) {
            throw fields.refusal(
                    name,
                    bound.toString(),
                    "where a subnet of "
                            + name("SubnetLen")
                            + " "
                            + length
                            + " begins, like "
                            + subnet.first());
        }
        return subnet;
    }
}
