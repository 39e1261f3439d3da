package io.skerry.bench.slice;

import io.skerry.bench.store.BenchException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where each unit runs, and which of its runs that is, as the hosts' own systemd tells: fleet's
 * word would not show a unit that was stopped and started again.
 *
 * @param runs host and invocation by unit
 */
record Steadiness(Map<String, String> runs) {
    Steadiness {
        runs = Map.copyOf(runs);
    }

    static Steadiness of(PlaygroundUnderTest playground, Collection<String> hosts, String pattern)
            throws IOException, InterruptedException, BenchException {
        var runs = new HashMap<String, String>();
        for (String host : hosts) {
            String shown =
                    playground.inHost(
                            host,
                            "systemctl show -p Id -p InvocationID -p ActiveState '"
                                    + pattern
                                    + "'");
            for (String block : shown.split("\n\n", -1)) {
                if (block.contains("ActiveState=active")) {
                    runs.merge(
                            property(block, "Id"),
                            host + " " + property(block, "InvocationID"),
                            (one, other) -> one + ", " + other);
                }
            }
        }
        return new Steadiness(runs);
    }

    /** The units that do not run as they did, be it for having been moved, stopped or doubled. */
    Set<String> disturbedSince(Steadiness before) {
        var disturbed = new TreeSet<String>();
        for (var run : before.runs.entrySet()) {
            if (!run.getValue().equals(runs.get(run.getKey()))) {
                disturbed.add(run.getKey());
            }
        }
        return disturbed;
    }

    private static String property(String block, String name) {
        return block.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
