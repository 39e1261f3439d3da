package io.skerry.flannel.policy;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Addresses by what they are, or by the host whose containers have them. */
public sealed interface Selector {

    /** Whether it selects an address. */
    boolean selects(Ip address, List<HostFacts> hosts);

    /** Addresses of a network, but for some; inside the overlay or outside. */
    record Block(Cidr network, List<Cidr> except) implements Selector {
        public Block {
            except = List.copyOf(except);
        }

        @Override
        public boolean selects(Ip address, List<HostFacts> hosts) {
            return network.contains(address)
                    && except.stream().noneMatch(hole -> hole.contains(address));
        }

        @Override
        public String toString() {
            return network
                    + (except.isEmpty()
                            ? ""
                            : " except "
                                    + String.join(
                                            " ", except.stream().map(Cidr::toString).toList()));
        }
    }

    /** The containers of one host, which has that address or is that machine. */
    record Host(String name) implements Selector {
        @Override
        public boolean selects(Ip address, List<HostFacts> hosts) {
            return hosts.stream().anyMatch(host -> host.isNamed(name) && host.has(address));
        }

        @Override
        public String toString() {
            return "host " + name;
        }
    }

    /** The containers of all hosts that have for each key one of its values. */
    record Metadata(SortedMap<String, List<String>> values) implements Selector {
        public Metadata {
            var sorted = new TreeMap<String, List<String>>();
            values.forEach((key, any) -> sorted.put(key, List.copyOf(new TreeSet<>(any))));
            values = sorted;
        }

        @Override
        public boolean selects(Ip address, List<HostFacts> hosts) {
            return hosts.stream().anyMatch(host -> matches(host) && host.has(address));
        }

        private boolean matches(HostFacts host) {
            return values.entrySet().stream()
                    .allMatch(wanted -> {
                        String value = host.metadata().get(wanted.getKey());
                        return value != null && wanted.getValue().contains(value);
                    });
        }

        @Override
        public String toString() {
            var words = new TreeSet<String>();
            values.forEach((key, any) -> words.add(key + "=" + String.join("|", any)));
            return String.join(" ", words);
        }
    }
}
