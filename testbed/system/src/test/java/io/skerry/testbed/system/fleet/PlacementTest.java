package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.testbed.system.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What Skerry's fleet adds to the original's placing: requests, spreading, priority, replacing one
 * by one, rebalancing. All hosts have as much memory and as many processors as this machine.
 */
@OnCluster
final class PlacementTest {
    private static final List<String> WEB =
            List.of("web@1.service", "web@2.service", "web@3.service");

    private final Cluster cluster;

    PlacementTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void whatAsksForMoreMemoryThanAnyHostHasIsPlacedNowhere() throws Exception {
        long all = capacity("memoryBytes");
        cluster.writeService("fits.service", "Memory=" + all);
        cluster.writeService("large.service", "Memory=" + (all + 1));

        cluster.fleet("start", "fits");
        cluster.fleet("start", "--no-block", "large");

        cluster.await(
                "the reason", () -> cluster.fleet("explain", "large").contains("of memory ("));
        assertThat(cluster.hostsOf("large.service")).isEmpty();
        assertThat(cluster.stateOf("large.service")).isEqualTo("inactive");
        assertThat(cluster.hostsOf("fits.service")).hasSize(1);
    }

    @Test
    void higherPriorityTakesAPlaceWhereAllIsFull() throws Exception {
        String most = "CPU=" + (capacity("cpuMillis") / 2 + 1) + "m";
        List<String> low = List.of("low1.service", "low2.service", "low3.service", "low4.service");
        for (String unit : low) {
            cluster.writeService(unit, most);
        }
        cluster.writeService("equal.service", most);
        cluster.writeService("high.service", most, "Priority=10");
        cluster.fleet("start", low.get(0), low.get(1), low.get(2), low.get(3));
        Map<String, String> before = hosts(low);
        assertThat(before.values()).containsExactlyInAnyOrder("h1", "h2", "h3", "h4");

        cluster.fleet("start", "--no-block", "equal");
        cluster.await("why it waits", () -> cluster.fleet("explain", "equal").contains("of CPU ("));
        assertThat(hosts(low)).isEqualTo(before);
        cluster.fleet("start", "high");

        String host = cluster.hostOf("high.service");
        String displaced =
                low.stream()
                        .filter(unit -> host.equals(before.get(unit)))
                        .findFirst()
                        .orElseThrow();
        cluster.await(
                "why the displaced one waits",
                () -> cluster.fleet("explain", displaced).contains("of CPU ("));
        assertThat(cluster.hostsOf(displaced)).isEmpty();
        before.remove(displaced);
        assertThat(hosts(List.copyOf(before.keySet()))).isEqualTo(before);
        cluster.fleet("destroy", "high");
        cluster.await(
                "one of those that wait in its place",
                () ->
                        Stream.of("equal.service", displaced)
                                .flatMap(unit -> cluster.hostsOf(unit).stream())
                                .toList()
                                .equals(List.of(host)));
    }

    @Test
    void spreadInstancesAreOnHostsOfTheirOwnThoughOthersAreFuller() throws Exception {
        for (String template : List.of("one@.service", "two@.service")) {
            cluster.writeService(template, "MachineMetadata=hostname=%i");
        }
        cluster.writeService("web@.service", "Spread=hostname");
        cluster.fleet("start", "one@h2", "one@h3", "one@h4", "two@h2", "two@h3", "two@h4");

        cluster.fleet("start", "web@1", "web@2", "web@3");

        assertThat(hosts(WEB).values()).doesNotHaveDuplicates().contains("h1");
    }

    @Test
    void changedInstancesAreReplacedOneByOne() throws Exception {
        cluster.writeService("web@.service", "Spread=hostname");
        cluster.fleet("start", "web@1", "web@2", "web@3");
        Map<String, String> before = hosts(WEB);
        // Each start with the new file goes on when the test lets it.
        cluster.write(
                "web@.service",
                """
                [Service]
                TimeoutStartSec=infinity
                ExecStartPre=/bin/sh -c 'until rm -- /run/%n.go 2>&-; do sleep 0.1; done'
                ExecStart=/bin/sleep infinity
                [X-Fleet]
                Spread=hostname
                """);
        String formerHash = cluster.units().getFirst().hash();

        cluster.fleet("start", "--no-block", "--replace", "web@1", "web@2", "web@3");

        var done = new ArrayList<String>();
        while (done.size() < WEB.size()) {
            String next = awaitStarting(done, formerHash);
            cluster.in(before.getOrDefault(next, ""), "touch", "/run/" + next + ".go");
            done.add(next);
        }
        assertThat(hosts(WEB)).isEqualTo(before);
        assertThat(cluster.units()).noneMatch(line -> line.hash().equals(formerHash));
    }

    @Test
    void rebalancingEvensOutWhatDrainedHostsHaveLeft() throws Exception {
        List<String> units = List.of("a.service", "b.service", "c.service", "d.service");
        for (String unit : units) {
            cluster.writeService(unit);
        }
        cluster.drain(cluster.host("h3"));
        cluster.drain(cluster.host("h4"));
        cluster.fleet("start", "a", "b", "c", "d");
        Map<String, String> before = hosts(units);
        assertThat(before.values()).containsOnly("h1", "h2");
        cluster.fleet("undrain", cluster.host("h3").address(), cluster.host("h4").address());
        cluster.await(
                "two moves planned",
                () -> cluster.fleet("rebalance", "--dry-run").lines().count() == 2);
        assertThat(hosts(units)).isEqualTo(before);

        String moves = cluster.fleet("rebalance");

        assertThat(moves.lines()).hasSize(2);
        Map<String, String> after = hosts(units);
        assertThat(after.values()).containsExactlyInAnyOrder("h1", "h2", "h3", "h4");
        assertThat(units)
                .allMatch(unit ->
                        moves.contains(unit) != Objects.equals(before.get(unit), after.get(unit)));
        assertThat(cluster.fleet("rebalance")).isEqualTo("No unit has to move");
    }

    /**
     * Waits until one more unit begins with its new file, while those before it run with theirs and
     * those after it with the former one; gives that unit.
     */
    private String awaitStarting(List<String> done, String formerHash) throws InterruptedException {
        return Waiting.untilFound(
                "only one that starts after " + done,
                Cluster.PATIENCE,
                () -> {
                    var starting = new ArrayList<String>();
                    int running = 0;
                    for (UnitLine line : cluster.units()) {
                        boolean hasFormer = line.hash().equals(formerHash);
                        if (line.active().equals("activating")
                                && !hasFormer
                                && !done.contains(line.unit())) {
                            starting.add(line.unit());
                        } else if (line.active().equals("active")
                                && hasFormer != done.contains(line.unit())) {
                            running++;
                        }
                    }
                    return starting.size() == 1 && running == WEB.size() - 1
                            ? Optional.of(starting.getFirst())
                            : Optional.empty();
                });
    }

    /** What each host has; the same for all, since they are on one machine. */
    private long capacity(String of) {
        var pattern = Pattern.compile("\"capacity\"\\s*:\\s*\\{[^}]*\"" + of + "\"\\s*:\\s*(\\d+)");
        var found =
                pattern.matcher(cluster.fleet("list-machines", "-o", "json"))
                        .results()
                        .map(match -> Long.parseLong(match.group(1)))
                        .toList();
        assertThat(found).hasSize(Cluster.HOSTS).allMatch(value -> value.equals(found.getFirst()));
        return found.getFirst();
    }

    /** The one host of each unit, awaited. */
    private Map<String, String> hosts(List<String> units) throws InterruptedException {
        var hosts = new TreeMap<String, String>();
        for (String unit : units) {
            hosts.put(unit, cluster.hostOf(unit));
        }
        return hosts;
    }
}
