package io.skerry.fleet.simulation;

import io.skerry.fleet.model.TargetState;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Everything at once: hosts lose power, freeze, are cut off and come back, processes are killed,
 * the store freezes, requests get lost, users change their minds and drain hosts. While it lasts
 * nothing may run twice; when it is over everything that can run does, in one place, and nothing
 * else.
 */
class ChaosSimulationTest {
    private static final int SEEDS = 150;
    private static final int STEPS = 60;
    private static final int UNITS = 14;

    @Test
    void nothingRunsTwiceAndAllIsWellInTheEnd() {
        Seeds.each(SEEDS, ChaosSimulationTest::chaos);
    }

    private static void chaos(long seed) {
        var cluster = new Simulation(seed, seed % 3 != 0);
        cluster.hosts(3 + cluster.pick(3)).pass(5);
        cluster.lossRate = 0.01;
        cluster.failureRate = 0.02;
        for (int step = 0; step < STEPS; step++) {
            if (cluster.chance(0.5)) {
                useCluster(cluster);
            } else {
                harmCluster(cluster);
            }
            cluster.pass(cluster.delay(10, 6000).toMillis() / 1000.0);
        }
        heal(cluster);
        cluster.settle().settle().checkSettled();
    }

    private static void useCluster(Simulation cluster) {
        if (cluster.chance(0.12)) {
            cluster.drain(cluster.anyHost(), cluster.chance(0.5));
            return;
        }
        if (cluster.chance(0.08)) {
            cluster.rebalance();
            return;
        }
        if (cluster.chance(0.08)) {
            cluster.oneshot("job" + cluster.pick(3) + ".service");
            return;
        }
        if (cluster.chance(0.08)) {
            List<String> launched =
                    cluster.launched().stream().filter(name -> name.startsWith("unit")).toList();
            cluster.replaceInTurn("r" + cluster.pick(1000), "/bin/v" + cluster.pick(5), launched);
            return;
        }
        int number = cluster.pick(UNITS);
        String name = number == 0 ? "global.service" : "unit" + number + ".service";
        boolean known = cluster.knows(name);
        switch (known ? cluster.pick(6) : 0) {
            case 0, 1 -> cluster.submit(name, TargetState.LAUNCHED, 1, options(cluster, number));
            case 2 ->
                    cluster.submit(
                            name, TargetState.LAUNCHED, cluster.pick(5), options(cluster, number));
            case 3 -> cluster.target(name, cluster.anyTarget());
            case 4 -> cluster.target(name, TargetState.LAUNCHED);
            default -> cluster.destroy(name);
        }
    }

    private static String[] options(Simulation cluster, int number) {
        if (number == 0) {
            return cluster.chance(0.5)
                    ? new String[] {"Global=true"}
                    : new String[] {"Global=true", "CPU=" + (1 + cluster.pick(4))};
        }
        return switch (cluster.pick(14)) {
            case 4 -> new String[] {"Overlap=false"};
            case 5 -> new String[] {"Replaces=unit" + cluster.pick(UNITS) + ".service"};
            case 0 -> new String[] {"MachineMetadata=disk=ssd"};
            case 1 -> new String[] {"MachineMetadata=zone=z1 zone=z2", "Conflicts=unit1*.service"};
            case 2 -> new String[] {"Conflicts=unit" + cluster.pick(UNITS) + ".service"};
            case 3 ->
                    number > 1
                            ? new String[] {"MachineOf=unit" + (number - 1) + ".service"}
                            : new String[] {};
            case 6, 7 ->
                    new String[] {
                        "CPU=" + (1 + cluster.pick(4)) * 700 + "m",
                        "Memory=" + (1 + cluster.pick(4)) + "G"
                    };
            case 8, 9 ->
                    new String[] {
                        "CPU=" + (1 + cluster.pick(4)), "Priority=" + (cluster.pick(4) - 1)
                    };
            case 10 -> new String[] {"Spread=zone unit*", "Priority=1", "Conflicts=unit2.service"};
            default -> new String[] {};
        };
    }

    private static void harmCluster(Simulation cluster) {
        SimHost host = cluster.anyHost();
        switch (cluster.pick(9)) {
            case 0 -> {
                if (host.powered()) {
                    cluster.tell(host + " loses power");
                    host.powerCut();
                }
            }
            case 1, 2 -> {
                if (!host.powered()) {
                    cluster.tell(host + " boots");
                    host.powerOn();
                }
            }
            case 3 -> {
                cluster.tell(host + (host.isCut() ? " is back" : " is cut off"));
                host.cutOff(!host.isCut());
            }
            case 4 -> {
                if (host.powered() && !host.frozen()) {
                    cluster.tell(host + " freezes");
                    host.freeze();
                } else if (host.frozen()) {
                    host.thaw();
                }
            }
            case 5, 6 -> {
                if (host.powered() && !host.frozen()) {
                    cluster.tell(host + "'s process is killed");
                    host.crashProcess(cluster.delay(100, 700));
                }
            }
            case 7 -> {
                if (cluster.store.frozen()) {
                    cluster.tell("store thaws");
                    cluster.store.thaw();
                } else if (cluster.chance(0.5)) {
                    cluster.tell("store freezes");
                    cluster.store.freeze();
                }
            }
            default -> {
                if (cluster.store.frozen()) {
                    cluster.tell("store thaws");
                    cluster.store.thaw();
                }
                host.cutOff(false);
            }
        }
    }

    private static void heal(Simulation cluster) {
        cluster.tell("--- all is healed");
        cluster.lossRate = 0;
        cluster.failureRate = 0;
        if (cluster.store.frozen()) {
            cluster.store.thaw();
        }
        for (SimHost host : cluster.hosts) {
            host.cutOff(false);
            if (host.frozen()) {
                host.thaw();
            }
            if (!host.powered()) {
                host.powerOn();
            } else if (!host.processRuns()) {
                host.startProcess();
            }
        }
    }
}
