package io.skerry.flannel.daemon;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.subnet.LeaseReader;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.Tenure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A real store that once throws what nobody expects, when a prefix is to be followed. */
record FaultyStore(NetworkStore store, String prefix, AtomicInteger asked) implements NetworkStore {
    FaultyStore(NetworkStore store, String prefix) {
        this(store, prefix, new AtomicInteger());
    }

    @Override
    public Mirror follow(String followed, Consumer<Map<String, KeyValue>> listener) {
        if (followed.equals(prefix) && asked.getAndIncrement() == 0) {
            throw new IllegalStateException("a fault of the test");
        }
        return store.follow(followed, listener);
    }

    @Override
    public LeaseReader leaseReader() {
        return store.leaseReader();
    }

    @Override
    public Tenure begin(Duration ttl, Runnable lost) throws StoreException, InterruptedException {
        return store.begin(ttl, lost);
    }
}
