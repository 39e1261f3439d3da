package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetException;
import io.skerry.flannel.subnet.Tenure;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Comes to the host's subnets and keeps them: claims it again when its lease was lost or its key
 * was deleted. Tries for as long as the store is away or no subnet is free. One virtual thread.
 */
final class SubnetHolder implements AutoCloseable {
    private static final Log LOG = Log.of(SubnetHolder.class);
    private static final long RETRY_MILLIS = 300;

    private final FlannelConfig daemon;
    private final NetworkStore store;
    private final NetworkConfig config;
    private final LeaseValue value;
    private final Runnable changed;
    private final Semaphore again = new Semaphore(0);
    private final Thread thread;
    private volatile @Nullable PerFamily<Cidr> subnets;
    private volatile @Nullable String problem = "has no subnet yet";
    private volatile @Nullable Tenure tenure;

    /** What is asked for again; confined to the thread. */
    private List<Cidr> last;

    /**
     * @param previous what the host had when it ran last
     * @param goingOn the previous subnet counts as the host's until the store has answered
     * @param changed called by threads of this class and of the store
     */
    SubnetHolder(
            NetworkStore store,
            FlannelConfig daemon,
            NetworkConfig config,
            LeaseValue value,
            List<Cidr> previous,
            boolean goingOn,
            Runnable changed) {
        this.store = store;
        this.daemon = daemon;
        this.config = config;
        this.value = value;
        this.changed = changed;
        this.last = previous;
        this.subnets = goingOn ? whole(previous) : null;
        this.thread =
                Thread.ofVirtual()
                        .name("flannel-subnet")
                        .start(() -> SteadyLoop.run("subnet", this::turn, this::tell));
    }

    /** Null unless there is one of each family that the network has. */
    private @Nullable PerFamily<Cidr> whole(List<Cidr> previous) {
        var byFamily = new EnumMap<Family, Cidr>(Family.class);
        previous.forEach(subnet -> byFamily.put(subnet.family(), subnet));
        return byFamily.keySet().containsAll(config.ranges().families())
                ? PerFamily.of(byFamily)
                : null;
    }

    /** The host's subnets, one of each family; they stay while they are claimed anew. */
    Optional<PerFamily<Cidr>> subnets() {
        return Optional.ofNullable(subnets);
    }

    /** Why the host does not hold its subnet now. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Its key is gone or another's: it must be claimed anew. */
    void reclaim() {
        again.release();
    }

    private boolean turn() throws InterruptedException {
        if (claim(last)) {
            last = subnets().map(PerFamily::all).orElse(last);
            again.acquire();
            again.drainPermits();
        } else {
            TimeUnit.MILLISECONDS.sleep(
                    RETRY_MILLIS + ThreadLocalRandom.current().nextLong(RETRY_MILLIS));
        }
        return true;
    }

    private boolean claim(List<Cidr> last) throws InterruptedException {
        try {
            Tenure held = tenure();
            var acquired =
                    new Acquisition(held, ThreadLocalRandom.current()).acquire(config, value, last);
            LOG.info(
                    "subnet is ours",
                    "subnet",
                    acquired.subnets(),
                    "lease",
                    held,
                    "racesLost",
                    acquired.lost());
            subnets = acquired.subnets();
            tell(null);
            return true;
        } catch (StoreException | SubnetException e) {
            tell(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** The tenure that there is, or a new one. */
    private Tenure tenure() throws StoreException, InterruptedException {
        Tenure present = tenure;
        if (present != null && !present.lost()) {
            return present;
        }
        Tenure fresh =
                store.begin(
                        daemon.leaseTtl(),
                        () -> {
                            tell("has lost its lease and claims its subnet anew");
                            reclaim();
                        });
        tenure = fresh;
        return fresh;
    }

    private void tell(@Nullable String trouble) {
        if (trouble != null && !trouble.equals(problem)) {
            LOG.warn("subnet is not held", "why", trouble);
        }
        problem = trouble;
        changed.run();
    }

    /** Gives the subnet back: other hosts remove their routes at once. */
    void resign() {
        thread.interrupt();
        Tenure present = tenure;
        if (present != null) {
            present.close();
        }
    }

    /** Stops to renew; the subnet stays the host's for the time of the lease. */
    @Override
    public void close() {
        thread.interrupt();
        Tenure present = tenure;
        if (present != null) {
            present.abandon();
        }
    }
}
