package io.skerry.flannel.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A list of CNI plugins that gives containers addresses of the host's subnet: {@code bridge} with
 * {@code host-local}, and {@code portmap}, as distributions have them.
 *
 * @param name of the network
 * @param bridge of the containers
 */
public record CniConfig(String name, String bridge) {
    /** As it is when nothing else is asked for. */
    static final CniConfig USUAL = new CniConfig("flannel", "cni0");

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String VERSION = "1.0.0";

    /**
     * The text of the {@code .conflist}.
     *
     * @param subnet what {@code subnet.env} says
     */
    public String text(Map<String, String> subnet) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("cniVersion", VERSION).put("name", name);
        ArrayNode plugins = root.putArray("plugins");
        ObjectNode own = plugins.addObject();
        own.put("type", "bridge").put("bridge", bridge).put("mtu", mtu(subnet));
        own.put("isGateway", true).put("isDefaultGateway", true).put("hairpinMode", true);
        // Who does not let flannel masquerade has the plugin do it.
        own.put("ipMasq", !"true".equals(subnet.get("FLANNEL_IPMASQ")));
        ObjectNode addresses = own.putObject("ipam").put("type", "host-local");
        ArrayNode ranges = addresses.putArray("ranges");
        ArrayNode routes = addresses.putArray("routes");
        for (Family family : Family.values()) {
            String prefix = family == Family.IPV4 ? "FLANNEL_" : "FLANNEL_IPV6_";
            var range = network(subnet, prefix + "SUBNET");
            range.ifPresent(of -> ranges.addArray().addObject().put("subnet", of.toString()));
            if (range.isPresent()) {
                network(subnet, prefix + "NETWORK")
                        .ifPresent(all -> routes.addObject().put("dst", all.toString()));
            }
        }
        if (ranges.isEmpty()) {
            throw new IOException("the host's subnet is not told: FLANNEL_SUBNET is missing");
        }
        plugins.addObject()
                .put("type", "portmap")
                .putObject("capabilities")
                .put("portMappings", true);
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree can always be written
        }
    }

    private static int mtu(Map<String, String> subnet) throws IOException {
        String mtu = subnet.getOrDefault("FLANNEL_MTU", "");
        if (!mtu.matches("[0-9]{2,5}")) {
            throw new IOException("FLANNEL_MTU is \"" + mtu + "\" and must be a number");
        }
        return Integer.parseInt(mtu);
    }

    private static Optional<Cidr> network(Map<String, String> subnet, String key) {
        return Optional.ofNullable(subnet.get(key)).flatMap(Cidr::parse).map(Cidr::network);
    }
}
