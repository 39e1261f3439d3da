package io.skerry.fleet.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts the round trips which a real one would cost. Thread-safe. */
public class CountingStore implements FleetStore {
    private final FleetStore store;
    private final AtomicInteger roundTrips = new AtomicInteger();

    /** Counts what goes to that store. */
    public CountingStore(FleetStore store) {
        this.store = store;
    }

    /** The round trips since this was asked last. */
    public int takeRoundTrips() {
        return roundTrips.getAndSet(0);
    }

    @Override
    public Optional<Entry> get(String key) throws RegistryException {
        roundTrips.incrementAndGet();
        return store.get(key);
    }

    @Override
    public Listing list(List<KeyRange> ranges) throws RegistryException {
        roundTrips.incrementAndGet();
        return store.list(ranges);
    }

    @Override
    public Committed commit(StoreTxn txn, long leaseId) throws RegistryException {
        roundTrips.incrementAndGet();
        return store.commit(txn, leaseId);
    }

    @Override
    public Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise)
            throws RegistryException {
        roundTrips.incrementAndGet();
        return store.commitOrList(txn, otherwise);
    }

    @Override
    public Following follow(KeyRange range, long afterRevision, Follower follower) {
        return store.follow(range, afterRevision, follower);
    }
}
