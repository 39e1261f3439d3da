package io.skerry.flannel.subnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.address.WireguardKey;
import java.util.Optional;

/**
 * What a lease says of its host.
 *
 * @param endpoints where the host receives, for each family that it has a subnet of
 * @param backendType as the configuration names it; empty in a reservation that no host took yet
 * @param vni of the host's devices; 0 where there are none
 */
public record LeaseValue(PerFamily<Endpoint> endpoints, String backendType, int vni) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What stands for no address, as the original's JSON always has one. */
    private static final Ip4 NONE = new Ip4(0);

    /** For a backend that needs no more than the address. */
    public static LeaseValue of(Ip publicIp, String backendType) {
        return new LeaseValue(
                PerFamily.only(publicIp.family(), new Endpoint(publicIp, Optional.empty())),
                backendType,
                0);
    }

    /** What the host goes by: its address of IPv4 where it has one. */
    public Ip publicIp() {
        return endpoints.first().publicIp();
    }

    /** Reads the original's JSON; empty if it is none or lacks an address. */
    public static Optional<LeaseValue> parse(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            var ipv4 =
                    Ip4.parse(tree.path("PublicIP").asText())
                            .filter(address -> !address.equals(NONE))
                            .map(address -> endpoint(address, tree.path("BackendData")));
            var ipv6 =
                    Ip6.parse(tree.path("PublicIPv6").asText())
                            .map(address -> endpoint(address, tree.path("BackendV6Data")));
            if (ipv4.isEmpty() && ipv6.isEmpty()) {
                return Optional.empty();
            }
            int vni = tree.path("BackendData").path("VNI").asInt();
            return Optional.of(
                    new LeaseValue(
                            new PerFamily<>(ipv4, ipv6),
                            tree.path("BackendType").asText(),
                            vni != 0 ? vni : tree.path("BackendV6Data").path("VNI").asInt()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Endpoint endpoint(Ip address, JsonNode data) {
        return new Endpoint(
                address,
                Mac.parse(data.path("VtepMAC").asText()),
                WireguardKey.parse(data.path("PublicKey").asText()));
    }

    /** The JSON, byte for byte as the original writes it. */
    public String json() {
        ObjectNode tree = MAPPER.createObjectNode();
        tree.put("PublicIP", endpoints.ipv4().map(Endpoint::publicIp).orElse(NONE).toString());
        tree.put("PublicIPv6", endpoints.ipv6().map(of -> of.publicIp().toString()).orElse(null));
        if (!backendType.isEmpty()) {
            tree.put("BackendType", backendType);
        }
        endpoints.ipv4().ifPresent(endpoint -> put(tree, "BackendData", endpoint));
        endpoints.ipv6().ifPresent(endpoint -> put(tree, "BackendV6Data", endpoint));
        return tree.toString();
    }

    private void put(ObjectNode tree, String field, Endpoint of) {
        of.vtepMac()
                .ifPresent(mac -> tree.putObject(field).put("VNI", vni).put("VtepMAC", mac.text()));
        of.publicKey().ifPresent(key -> tree.putObject(field).put("PublicKey", key.text()));
    }
}
