package io.skerry.flannel.subnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import java.util.Optional;

/**
 * What a lease says of its host.
 *
 * @param publicIp where the host receives what is meant for its subnet
 * @param backendType as the configuration names it; empty in a reservation that no host took yet
 * @param vtepMac of the host's device, where the backend has such
 * @param vni of that device; 0 where there is none
 */
public record LeaseValue(Ip4 publicIp, String backendType, Optional<Mac> vtepMac, int vni) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** For a backend that needs no more than the address. */
    public static LeaseValue of(Ip4 publicIp, String backendType) {
        return new LeaseValue(publicIp, backendType, Optional.empty(), 0);
    }

    /** Reads the original's JSON; empty if it is none or lacks the address. */
    public static Optional<LeaseValue> parse(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            JsonNode data = tree.path("BackendData");
            return Ip4.parse(tree.path("PublicIP").asText())
                    .map(address ->
                            new LeaseValue(
                                    address,
                                    tree.path("BackendType").asText(),
                                    Mac.parse(data.path("VtepMAC").asText()),
                                    data.path("VNI").asInt()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The JSON, byte for byte as the original writes it. */
    public String json() {
        ObjectNode tree = MAPPER.createObjectNode();
        tree.put("PublicIP", publicIp.toString());
        tree.putNull("PublicIPv6");
        if (!backendType.isEmpty()) {
            tree.put("BackendType", backendType);
        }
        vtepMac.ifPresent(
                mac -> tree.putObject("BackendData").put("VNI", vni).put("VtepMAC", mac.text()));
        return tree.toString();
    }
}
