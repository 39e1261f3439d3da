package io.skerry.node.playground;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** The environment variables that make the originals' clients talk to a cluster. */
final class Environment {
    /** All hosts share one machine, and a busy one may need longer than etcdctl waits mostly. */
    private static final String PATIENCE = "20s";

    private Environment() {}

    static SequencedMap<String, String> of(ClusterAccess access) {
        String ca = access.pki().resolve("ca.crt").toString();
        String certificate = access.pki().resolve("client.crt").toString();
        String key = access.pki().resolve("client.key").toString();
        var variables = new LinkedHashMap<String, String>();
        variables.put("ETCDCTL_API", "3");
        variables.put("ETCDCTL_ENDPOINTS", String.join(",", access.storeUrls()));
        variables.put("ETCDCTL_CACERT", ca);
        variables.put("ETCDCTL_CERT", certificate);
        variables.put("ETCDCTL_KEY", key);
        variables.put("ETCDCTL_DIAL_TIMEOUT", PATIENCE);
        variables.put("ETCDCTL_COMMAND_TIMEOUT", PATIENCE);
        variables.put("FLEETCTL_ENDPOINT", String.join(",", access.fleetUrls()));
        variables.put("FLEETCTL_CA_FILE", ca);
        variables.put("FLEETCTL_CERT_FILE", certificate);
        variables.put("FLEETCTL_KEY_FILE", key);
        variables.put("FLEET_API", access.fleetUrls().getFirst());
        variables.put("SKERRY_CACERT", ca);
        variables.put("SKERRY_CERT", certificate);
        variables.put("SKERRY_KEY", key);
        return variables;
    }

    /** The variables as commands of a POSIX shell. */
    static String exports(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "=" + quoted(variable.getValue()))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Safe whatever the text holds: nothing is special between single quotes but one itself. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
