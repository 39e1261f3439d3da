package io.skerry.testbed.system.fleet;

import io.skerry.testbed.hosts.Host;
import java.util.List;

/**
 * A line of {@code list-units}.
 *
 * @param machine id and address, with a slash between them
 */
record UnitLine(String unit, String machine, String active, String sub, String hash) {
    static UnitLine parse(String line) {
        List<String> cells = List.of(line.strip().split("\\s+", -1));
        return new UnitLine(cells.get(0), cells.get(1), cells.get(2), cells.get(3), cells.get(4));
    }

    /** The name of the host: hosts are numbered by their addresses. */
    String host() {
        String address = machine.substring(machine.indexOf('/') + 1);
        for (int number = 1; number <= Host.MAX_HOSTS; number++) {
            if (Host.addressOf(number).equals(address)) {
                return "h" + number;
            }
        }
        throw new AssertionError(machine + " is no host");
    }
}
