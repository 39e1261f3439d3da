package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** How a host comes to its subnets: read, choose, claim, and again if another host was faster. */
public final class Acquisition {
    /** Each try means that another host got one, so that this many would be absurd. */
    private static final int MOST_TRIES = 1_000;

    /** Who was too late pauses, so that hosts that start at once do not go on in step. */
    private static final int LEAST_PAUSE_MILLIS = 10;

    private static final int MOST_PAUSE_MILLIS = 100;

    private final SubnetStore store;
    private final RandomGenerator random;

    public Acquisition(SubnetStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Subnets that are the host's own now.
     *
     * @param config by which it was chosen
     * @param lost how often another host was faster
     */
    public record Acquired(PerFamily<Cidr> subnets, NetworkConfig config, int lost) {}

    /**
     * Makes subnets the host's own, one of each family that the network has.
     *
     * @param config as the host knows it; a configuration that differs from it is no reason to fail
     *     but to start anew, and is told as such
     * @param previous what the host had when it ran last, as far as it knows
     * @throws SubnetException none is free, or the configuration is not the host's any more
     */
    public Acquired acquire(NetworkConfig config, LeaseValue value, List<Cidr> previous)
            throws StoreException, SubnetException, InterruptedException {
        for (int lost = 0; lost < MOST_TRIES; lost++) {
            SubnetView view =
                    store.read()
                            .orElseThrow(() ->
                                    new SubnetException("the network's configuration is gone"));
            requireSame(config, view);
            switch (Allocation.choose(config, view, value, previous, random)) {
                case Allocation.Choice.Exhausted(String why) -> throw new SubnetException(why);
                case Allocation.Choice.Take(Claim claim) -> {
                    if (store.claim(claim)) {
                        return new Acquired(claim.subnets(), config, lost);
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS + 1));
        }
        throw new SubnetException(
                "other hosts were faster " + MOST_TRIES + " times; something writes without end");
    }

    private static void requireSame(NetworkConfig config, SubnetView view) throws SubnetException {
        try {
            if (!NetworkJson.parse(view.config()).config().equals(config)) {
                throw new SubnetException("the network's configuration has changed");
            }
        } catch (ConfigFault e) {
            throw new SubnetException(
                    "the network's configuration cannot be used any more: " + e.getMessage(), e);
        }
    }
}
