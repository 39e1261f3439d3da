package io.skerry.flannel.subnet;

import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import io.skerry.etcd.client.LeaseKeeper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An etcd v3 store; the client stays the caller's to close. */
public final class EtcdNetworkStore implements NetworkStore {
    private final EtcdClient client;
    private final LeaseReader reader = new LeaseReader();
    private final EtcdSubnetStore subnets;

    public EtcdNetworkStore(EtcdClient client, SubnetKeys keys) {
        this.client = client;
        this.subnets = new EtcdSubnetStore(client, keys, reader);
    }

    @Override
    public Mirror follow(String prefix, Consumer<Map<String, KeyValue>> listener) {
        return LeaseMirror.start(client, prefix, listener);
    }

    @Override
    public LeaseReader leaseReader() {
        return reader;
    }

    @Override
    public Tenure begin(Duration ttl, Runnable lost) throws StoreException, InterruptedException {
        try {
            return new OfLease(subnets, client.keepLease(ttl, lost::run));
        } catch (EtcdException e) {
            throw new StoreException(e);
        }
    }

    /** All keys hang on one lease of the store. */
    private record OfLease(EtcdSubnetStore subnets, LeaseKeeper lease) implements Tenure {
        @Override
        public Optional<SubnetView> read() throws StoreException, InterruptedException {
            try {
                return subnets.read();
            } catch (EtcdException e) {
                throw new StoreException(e);
            }
        }

        @Override
        public boolean claim(Claim claim) throws StoreException, InterruptedException {
            try {
                return subnets.claim(claim, lease.id());
            } catch (EtcdException e) {
                throw new StoreException(e);
            }
        }

        @Override
        public boolean lost() {
            return lease.lost();
        }

        @Override
        public void abandon() {
            lease.abandon();
        }

        @Override
        public void close() {
            lease.close();
        }

        @Override
        public String toString() {
            return lease.id().toString();
        }
    }
}
