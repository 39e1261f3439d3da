package io.skerry.flannel.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.text.JsonFault;
import io.skerry.base.text.Nearest;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.address.WireguardSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration's JSON, as it stands under {@code /coreos.com/network/config}.
 *
 * @param config what it says
 * @param unknown fields that mean nothing, which the original ignores
 */
public record NetworkJson(NetworkConfig config, List<String> unknown) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int UDP_PORT = 8285;
    private static final int VXLAN_PORT = 8472;
    private static final int WIREGUARD_PORT = 51_820;
    private static final int LEAST_MTU = 68;
    private static final int MAX_VNI = (1 << 24) - 1;
    private static final List<String> BACKENDS =
            List.of("vxlan", "host-gw", "wireguard", "udp", "ipip");

    /** Backends of the original that carry nothing here. */
    private static final List<String> ABSENT =
            List.of("ipsec", "alloc", "extension", "aws-vpc", "gce", "ali-vpc", "tencent-vpc");

    public NetworkJson {
        unknown = List.copyOf(unknown);
    }

    /** Reads and checks a text. */
    public static NetworkJson parse(String text) throws ConfigFault {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ConfigFault("the configuration is not JSON: " + JsonFault.of(e));
        }
        var fields = Fields.of("", tree);
        // Rules are always nftables' here, whatever the original's hosts use.
        boolean nftables = fields.flag("EnableNFTables", true);
        var ranges = ranges(fields);
        var backend = fields.object("Backend");
        var unknown = new ArrayList<>(fields.unknown());
        var chosen = backend.isEmpty() ? new BackendConfig.Udp(UDP_PORT) : backend(backend.get());
        backend.ifPresent(settings -> unknown.addAll(settings.unknown()));
        if (!nftables) {
            unknown.add("EnableNFTables (false is not possible, rules are nftables')");
        }
        requireCarried(fields, ranges, chosen);
        return new NetworkJson(new NetworkConfig(ranges, chosen), unknown);
    }

    private static PerFamily<SubnetRange> ranges(Fields fields) throws ConfigFault {
        var ipv4 = range(fields, fields.flag("EnableIPv4", true), RangeFields.IPV4);
        var ipv6 = range(fields, fields.flag("EnableIPv6", false), RangeFields.IPV6);
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            throw fields.refusal("EnableIPv4", "false", "true unless EnableIPv6 is true");
        }
        return new PerFamily<>(ipv4, ipv6);
    }

    private static Optional<SubnetRange> range(Fields fields, boolean enabled, RangeFields of)
            throws ConfigFault {
        if (enabled) {
            return Optional.of(of.read(fields));
        }
        of.ignore(fields);
        return Optional.empty();
    }

    private static void requireCarried(
            Fields fields, PerFamily<SubnetRange> ranges, BackendConfig backend)
            throws ConfigFault {
        boolean both =
                switch (backend) {
                    case BackendConfig.Vxlan _, BackendConfig.HostGw _, BackendConfig.Wireguard _ ->
                            true;
                    case BackendConfig.Udp _, BackendConfig.Ipip _ -> false;
                };
        if (!both && ranges.ipv6().isPresent()) {
            throw fields.refusal(
                    "EnableIPv6",
                    "true",
                    "false with the backend "
                            + backend.type()
                            + ", which carries IPv4 only; vxlan, host-gw and wireguard carry both");
        }
    }

    private static BackendConfig backend(Fields fields) throws ConfigFault {
        String type = fields.text("Type").orElse("udp");
        return switch (type) {
            case "vxlan" -> vxlan(fields);
            case "host-gw" -> new BackendConfig.HostGw();
            case "wireguard" -> wireguard(fields);
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
                fields.number("MTU", LEAST_MTU, 65_535));
    }

    private static BackendConfig wireguard(Fields fields) throws ConfigFault {
        String mode = fields.text("Mode").orElse("separate");
        if (!mode.equals("separate")) {
            throw fields.refusal(
                    "Mode", mode, "separate: each family of addresses has a tunnel of its own");
        }
        return new BackendConfig.Wireguard(
                fields.number("ListenPort", 1, 65_535).orElse(WIREGUARD_PORT),
                fields.number("ListenPortV6", 1, 65_535).orElse(WIREGUARD_PORT + 1),
                sharedKey(fields),
                fields.number("PersistentKeepaliveInterval", 0, 65_535).orElse(0),
                fields.number("MTU", LEAST_MTU, 65_535));
    }

    /** What is wrong is not shown, as it may be a secret all the same. */
    private static Optional<WireguardSecret> sharedKey(Fields fields) throws ConfigFault {
        var text = fields.text("PSK");
        var key = text.flatMap(WireguardSecret::parse);
        if (text.isPresent() && key.isEmpty()) {
            throw fields.refusal(
                    "PSK", "no key", "one of 32 bytes in base 64, as \"wg genpsk\" makes it");
        }
        return key;
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
