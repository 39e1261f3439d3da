package io.skerry.flannel.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.text.Nearest;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration's JSON, as it stands under {@code /coreos.com/network/config}.
 *
 * @param config what it says
 * @param unknown fields that mean nothing, which the original ignores
 */
public record NetworkJson(NetworkConfig config, List<String> unknown) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int USUAL_SUBNET_LENGTH = 24;
    private static final int LONGEST_SUBNET_LENGTH = 30;

    /** Below that many bits left, a network holds no four subnets of use. */
    private static final int LONGEST_NETWORK_LENGTH = 28;

    private static final int UDP_PORT = 8285;
    private static final int VXLAN_PORT = 8472;
    private static final int MAX_VNI = (1 << 24) - 1;
    private static final List<String> BACKENDS = List.of("vxlan", "host-gw", "udp", "ipip");

    /** Backends of the original that carry nothing here. */
    private static final List<String> ABSENT =
            List.of(
                    "wireguard",
                    "ipsec",
                    "alloc",
                    "extension",
                    "aws-vpc",
                    "gce",
                    "ali-vpc",
                    "tencent-vpc");

    public NetworkJson {
        unknown = List.copyOf(unknown);
    }

    /** Reads and checks a text. */
    public static NetworkJson parse(String text) throws ConfigFault {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ConfigFault("the configuration is not JSON: " + e.getOriginalMessage());
        }
        var fields = Fields.of("", tree);
        refuseIpv6(fields);
        // Rules are always nftables' here, whatever the original's hosts use.
        boolean nftables = fields.flag("EnableNFTables", true);
        var network = fields.network("Network");
        if (network.isEmpty()) {
            throw new ConfigFault(
                    "Network is missing; give all addresses of the network, like 10.5.0.0/16");
        }
        Cidr4 whole = network.get().network();
        int length = subnetLength(fields, whole);
        Ip4 min = bound(fields, "SubnetMin", whole, length, whole.first().plus(1 << (32 - length)));
        Ip4 max =
                bound(fields, "SubnetMax", whole, length, new Cidr4(whole.last(), length).first());
        if (min.compareTo(max) > 0) {
            throw fields.refusal("SubnetMin", min.toString(), "at most SubnetMax, which is " + max);
        }
        var backend = fields.object("Backend");
        var unknown = new ArrayList<>(fields.unknown());
        var chosen = backend.isEmpty() ? new BackendConfig.Udp(UDP_PORT) : backend(backend.get());
        backend.ifPresent(settings -> unknown.addAll(settings.unknown()));
        if (!nftables) {
            unknown.add("EnableNFTables (false is not possible, rules are nftables')");
        }
        return new NetworkJson(new NetworkConfig(whole, length, min, max, chosen), unknown);
    }

    private static void refuseIpv6(Fields fields) throws ConfigFault {
        if (!fields.flag("EnableIPv4", true)) {
            throw fields.refusal("EnableIPv4", "false", "true: this program's networks are IPv4's");
        }
        if (fields.flag("EnableIPv6", false)) {
            throw fields.refusal("EnableIPv6", "true", "false: this program's networks are IPv4's");
        }
        for (String name : List.of("IPv6Network", "IPv6SubnetMin", "IPv6SubnetMax")) {
            fields.text(name);
        }
        fields.number("IPv6SubnetLen", 1, 128);
    }

    private static int subnetLength(Fields fields, Cidr4 network) throws ConfigFault {
        var given = fields.number("SubnetLen", 1, LONGEST_SUBNET_LENGTH);
        if (given.isEmpty()) {
            if (network.length() > LONGEST_NETWORK_LENGTH) {
                throw fields.refusal("Network", network.toString(), "at least as large as a /28");
            }
            return network.length() < USUAL_SUBNET_LENGTH - 1
                    ? USUAL_SUBNET_LENGTH
                    : network.length() + 2;
        }
        int length = given.getAsInt();
        if (length < network.length() + 2) {
            throw fields.refusal(
                    "SubnetLen",
                    Integer.toString(length),
                    "at least "
                            + (network.length() + 2)
                            + ", so that four subnets fit into Network "
                            + network);
        }
        return length;
    }

    private static Ip4 bound(Fields fields, String name, Cidr4 network, int length, Ip4 otherwise)
            throws ConfigFault {
        Ip4 bound = fields.address(name).orElse(otherwise);
        if (!network.contains(bound)) {
            throw fields.refusal(name, bound.toString(), "within Network " + network);
        }
        Ip4 aligned = new Cidr4(bound, length).first();
        if (!bound.equals(aligned)) {
            throw fields.refusal(
                    name,
                    bound.toString(),
                    "where a subnet of SubnetLen " + length + " begins, like " + aligned);
        }
        return bound;
    }

    private static BackendConfig backend(Fields fields) throws ConfigFault {
        String type = fields.text("Type").orElse("udp");
        return switch (type) {
            case "vxlan" -> vxlan(fields);
            case "host-gw" -> new BackendConfig.HostGw();
            case "udp" -> new BackendConfig.Udp(fields.number("Port", 1, 65_535).orElse(UDP_PORT));
            case "ipip" -> new BackendConfig.Ipip(fields.flag("DirectRouting", false));
            default -> throw noSuchBackend(fields, type);
        };
    }

    private static BackendConfig vxlan(Fields fields) throws ConfigFault {
        return new BackendConfig.Vxlan(
                fields.number("VNI", 1, MAX_VNI).orElse(1),
                fields.number("Port", 1, 65_535).orElse(VXLAN_PORT),
                fields.flag("GBP", false),
                fields.flag("Learning", false),
                fields.flag("DirectRouting", false),
                fields.number("MTU", 68, 65_535));
    }

    private static ConfigFault noSuchBackend(Fields fields, String type) {
        String one = "one of " + String.join(", ", BACKENDS);
        if (ABSENT.contains(type)) {
            return fields.refusal("Type", type, one + ": this program has no backend " + type);
        }
        var near = Nearest.to(type, BACKENDS).map(word -> "; did you mean " + word + "?");
        return fields.refusal("Type", type, one + near.orElse(""));
    }
}
