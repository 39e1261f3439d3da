package io.skerry.fleet.store;

import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import io.skerry.etcd.client.Compare;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import io.skerry.etcd.client.LeaseId;
import io.skerry.etcd.client.Op;
import io.skerry.etcd.client.Txn;
import io.skerry.etcd.client.TxnOutcome;
import io.skerry.etcd.client.Watch;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import io.skerry.fleet.store.StoreTxn.Guard;
import io.skerry.fleet.store.StoreTxn.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** fleet's store in an etcd. Thread-safe; the client stays the caller's to close. */
public final class EtcdFleetStore implements FleetStore {
    private static final Log LOG = Log.of(EtcdFleetStore.class);

    private final EtcdClient client;

    /** A store over the client. */
    public EtcdFleetStore(EtcdClient client) {
        this.client = client;
    }

    @Override
    public Optional<Entry> get(String key) throws RegistryException {
        return asking(() -> client.get(key)).map(EtcdFleetStore::entry);
    }

    @Override
    public Listing list(List<KeyRange> ranges) throws RegistryException {
        return listing(asking(() -> client.commit(Txn.when(List.of()).then(reads(ranges)))));
    }

    @Override
    public Committed commit(StoreTxn txn, long leaseId) throws RegistryException {
        TxnOutcome outcome = asking(() -> client.commit(transaction(txn, leaseId)));
        if (!outcome.succeeded() && outcome.repeated()) {
            // The first try may have been carried out, which makes its own guards fail.
            throw new RegistryException("a transaction's outcome is not known; look again");
        }
        return new Committed(outcome.succeeded(), outcome.revision());
    }

    @Override
    public Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise)
            throws RegistryException {
        Txn request = transaction(txn, 0).otherwise(reads(otherwise).toArray(Op[]::new));
        TxnOutcome outcome = asking(() -> client.commit(request));
        // After a repeated try, what is listed may be what the first one has written.
        return outcome.succeeded() ? Optional.empty() : Optional.of(listing(outcome));
    }

    @Override
    public Following follow(KeyRange range, long afterRevision, Follower follower) {
        WatchRequest request =
                WatchRequest.range(range.start(), range.end()).from(afterRevision + 1);
        Watch watch =
                client.watch(
                        request,
                        new WatchListener() {
                            @Override
                            public void onEvents(long revision, List<WatchEvent> events) {
                                follower.changed(
                                        events.stream().map(EtcdFleetStore::change).toList());
                            }

                            @Override
                            public void onCompacted(long compactRevision) {
                                follower.lost();
                            }

                            @Override
                            public void onRefused(EtcdException reason) {
                                LOG.error(
                                        "the store refuses a watch; if rights are missing, give"
                                                + " this host's user a role that may read and"
                                                + " write fleet's keys",
                                        "from",
                                        range.start(),
                                        "cause",
                                        reason.getMessage());
                                follower.refused();
                            }
                        });
        return watch::close;
    }

    private static Txn transaction(StoreTxn txn, long leaseId) {
        List<Compare> conditions = txn.guards().stream().map(EtcdFleetStore::condition).toList();
        List<Op> writes = txn.writes().stream().map(write -> operation(write, leaseId)).toList();
        return Txn.when(conditions).then(writes);
    }

    private static List<Op> reads(List<KeyRange> ranges) {
        return ranges.stream().map(range -> Op.list(range.start(), range.end())).toList();
    }

    /** What a transaction has found that only read. */
    private static Listing listing(TxnOutcome outcome) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < outcome.results().size(); i++) {
            outcome.read(i).entries().forEach(kv -> entries.add(entry(kv)));
        }
        return new Listing(outcome.revision(), entries);
    }

    private static Compare condition(Guard guard) {
        return switch (guard) {
            case Guard.ModifiedAt(var key, var revision) ->
                    Compare.modRevision(key, Compare.Relation.EQUAL, revision);
            case Guard.CreatedAt(var key, var revision) ->
                    Compare.createRevision(key, Compare.Relation.EQUAL, revision);
        };
    }

    private static Op operation(Write write, long leaseId) {
        return switch (write) {
            case Write.Put(var key, var value) -> Op.put(key, ByteString.copyFromUtf8(value));
            case Write.PutLeased(var key, var value) ->
                    Op.put(key, ByteString.copyFromUtf8(value), new LeaseId(leaseId));
            case Write.Delete(var key) -> Op.delete(key);
        };
    }

    private static Entry entry(KeyValue kv) {
        return new Entry(kv.key(), kv.text(), kv.createRevision(), kv.modRevision(), kv.lease());
    }

    private static Change change(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Put(var now, var _) -> new Change.Written(entry(now));
            case WatchEvent.Deleted(var key, var revision, var _) ->
                    new Change.Deleted(key, revision);
        };
    }

    private interface Request<T> {
        T send() throws EtcdException, InterruptedException;
    }

    private static <T> T asking(Request<T> request) throws RegistryException {
        try {
            return request.send();
        } catch (EtcdException e) {
            throw new RegistryException(
                    switch (e.code()) {
                        case PERMISSION_DENIED, UNAUTHENTICATED ->
                                "the store refuses this host; give its user a role that may read"
                                        + " and write fleet's keys: "
                                        + e.getMessage();
                        default ->
                                "fleet server unable to communicate with etcd: " + e.getMessage();
                    },
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException("interrupted while waiting for the store", e);
        }
    }
}
