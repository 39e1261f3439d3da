package io.skerry.flannel.proxy;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which host has which subnet, also as the text that a carrier in a process of its own reads: a
 * line for each subnet, with the host's address behind a blank.
 */
public record HostTable(Map<Cidr4, Ip4> hosts) {
    public HostTable {
        hosts = Map.copyOf(hosts);
    }

    /** Reads {@link #text}. */
    static HostTable parse(String text) throws IOException {
        var hosts = new TreeMap<Cidr4, Ip4>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            var subnet = Cidr4.parse(words[0]);
            var host = words.length == 2 ? Ip4.parse(words[1]) : Optional.<Ip4>empty();
            if (subnet.isEmpty() || host.isEmpty()) {
                throw new IOException("a line of the table of hosts is \"" + line + "\"");
            }
            hosts.put(subnet.get(), host.get());
        }
        return new HostTable(hosts);
    }

    public String text() {
        var text = new StringBuilder();
        new TreeMap<>(hosts)
                .forEach((subnet, host) ->
                        text.append(subnet).append(' ').append(host).append('\n'));
        return text.toString();
    }
}
