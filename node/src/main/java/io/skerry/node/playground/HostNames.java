package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.PlaygroundName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the hosts of a playground are called here; fleet knows machines only by id and address.
 *
 * @param byMachineId host names
 */
public record HostNames(Map<String, String> byMachineId) {
    /** Those of a playground; none if there is no such. */
    public static HostNames of(String playground) throws IOException {
        var names = new LinkedHashMap<String, String>();
        var session = Session.of(new PlaygroundName(playground));
        if (session.hasFiles() && Session.isRoot()) {
            for (Host host : session.open().hosts()) {
                names.put(host.machineId(), host.name());
            }
        }
        return new HostNames(names);
    }

    /** The machine's host name, if it is a host of the playground. */
    public Optional<String> name(String machineId) {
        return Optional.ofNullable(byMachineId.get(machineId));
    }
}
