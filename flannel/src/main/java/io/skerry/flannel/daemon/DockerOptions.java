package io.skerry.flannel.daemon;

import java.util.Map;
import java.util.TreeMap;

/**
 * Options for docker as flannel's {@code mk-docker-opts} writes them.
 *
 * @param individual each option as a variable of its own
 * @param combined all options in one variable
 * @param masquerade whether to say who masquerades, which the oldest dockers do not understand
 * @param key the one variable's name
 */
public record DockerOptions(boolean individual, boolean combined, boolean masquerade, String key) {
    private static final String PREFIX = "DOCKER_OPT_";

    /**
     * The text of the file.
     *
     * @param subnet what {@code subnet.env} says
     * @param environment options that are there already
     */
    public String text(Map<String, String> subnet, Map<String, String> environment) {
        var options = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                options.put(name, value);
            }
        });
        if (subnet.containsKey("FLANNEL_SUBNET")) {
            options.put(PREFIX + "BIP", "--bip=" + subnet.get("FLANNEL_SUBNET"));
        }
        if (subnet.containsKey("FLANNEL_MTU")) {
            options.put(PREFIX + "MTU", "--mtu=" + subnet.get("FLANNEL_MTU"));
        }
        if (masquerade && "true".equals(subnet.get("FLANNEL_IPMASQ"))) {
            options.put(PREFIX + "IPMASQ", "--ip-masq=false"); // it is flannel that does
        }
        var text = new StringBuilder();
        if (individual) {
            options.forEach((name, value) -> text.append(line(name, value)));
        }
        if (combined) {
            var all = new StringBuilder(environment.getOrDefault(key, "")).append(' ');
            options.values().forEach(value -> all.append(value).append(' '));
            text.append(line(key, all.toString()));
        }
        return text.toString();
    }

    private static String line(String name, String value) {
        return name + "=\"" + value + "\"\n";
    }
}
