package io.skerry.testbed.hosts;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the host a user means: by name, address, machine id or a unique prefix of it. */
final class HostReference {
    private HostReference() {}

    static Host resolve(List<Host> hosts, String reference) throws PlaygroundException {
        // Tables cut machine ids short and may show it with dots.
        String wanted = reference.strip().toLowerCase(Locale.ROOT).replaceAll("(\\.{3}|…)$", "");
        for (Host host : hosts) {
            if (host.name().equals(wanted)
                    || host.address().equals(wanted)
                    || host.machineId().equals(wanted)) {
                return host;
            }
        }
        List<Host> matching =
                wanted.isEmpty()
                        ? List.of()
                        : hosts.stream()
                                .filter(host -> host.machineId().startsWith(wanted))
                                .toList();
        if (matching.size() == 1) {
            return matching.getFirst();
        }
        if (matching.size() > 1) {
            throw new PlaygroundException(
                    "\"" + reference + "\" fits several hosts: " + listed(matching));
        }
        throw new PlaygroundException(
                "there is no host \""
                        + reference
                        + "\"; "
                        + (hosts.isEmpty()
                                ? "this playground has no hosts: run \"skerry up\""
                                : "the hosts are " + listed(hosts)));
    }

    private static String listed(List<Host> hosts) {
        return hosts.stream()
                .map(host ->
                        host.name()
                                + " ("
                                + host.machineId().substring(0, 8)
                                + ", "
                                + host.address()
                                + ")")
                .collect(Collectors.joining(", "));
    }
}
