package io.skerry.etcd.server.api.coordination;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait under one name, in the order in which their keys were created. The key of each is
 * the name, a slash, and its lease in hexadecimal, as in etcd's client library, so that both queue
 * together.
 */
final class Queue {
    private final CallerStore store;
    private final ByteString prefix;
    private final ByteString prefixEnd;

    Queue(CallerStore store, ByteString name) {
        this.store = store;
        this.prefix = name.concat(ByteString.copyFromUtf8("/"));
        // The slash is no 0xff, so its successor ends the prefix.
        this.prefixEnd = name.concat(ByteString.copyFromUtf8("0"));
    }

    /** A place in the queue. */
    record Place(ByteString key, long createRevision, long lease, KeyValue entry) {}

    /** Joins the queue, or finds the place that the lease has in it already. */
    Place join(ByteString value, long lease) throws GrpcException {
        var key = prefix.concat(ByteString.copyFromUtf8(Long.toHexString(lease)));
        var answer =
                store.txn(
                        TxnRequest.newBuilder()
                                .addCompare(CallerStore.createdAt(key, 0))
                                .addSuccess(CallerStore.put(key, value, lease))
                                .addFailure(
                                        CallerStore.get(
                                                RangeRequest.newBuilder().setKey(key).build()))
                                .build());
        if (answer.getSucceeded()) {
            long revision = answer.getHeader().getRevision();
            return new Place(
                    key,
                    revision,
                    lease,
                    KeyValue.newBuilder().setKey(key).setValue(value).build());
        }
        var entry = answer.getResponses(0).getResponseRange().getKvs(0);
        return new Place(key, entry.getCreateRevision(), lease, entry);
    }

    /** Waits until all who came before have gone. */
    void awaitTurn(Place place) throws GrpcException {
        while (true) {
            var before =
                    store.range(
                            first(1, RangeRequest.SortOrder.DESCEND)
                                    .setMaxCreateRevision(place.createRevision() - 1)
                                    .build());
            if (before.getKvsCount() == 0) {
                return;
            }
            awaitDeletion(before.getKvs(0).getKey(), before.getHeader().getRevision() + 1);
        }
    }

    private void awaitDeletion(ByteString key, long fromRevision) throws GrpcException {
        try (var watch = store.watch(key, ByteString.EMPTY, fromRevision)) {
            while (watch.next(store).getType() != Event.EventType.DELETE) {
                // It was written anew and is still there.
            }
        }
    }

    /** The entry of who holds the name; null when nobody does. */
    @Nullable KeyValue holder() throws GrpcException {
        var answer = store.range(first(1, RangeRequest.SortOrder.ASCEND).build());
        return answer.getKvsCount() == 0 ? null : answer.getKvs(0);
    }

    RangeRequest.Builder first(long limit, RangeRequest.SortOrder order) {
        return RangeRequest.newBuilder()
                .setKey(prefix)
                .setRangeEnd(prefixEnd)
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setSortOrder(order)
                .setLimit(limit);
    }

    KeyWatch watch(long fromRevision) {
        return store.watch(prefix, prefixEnd, fromRevision);
    }

    /** Gives a place up, also for a caller who has gone. */
    void leave(Place place) throws GrpcException {
        var _ =
                store.afterwards()
                        .call(
                                EtcdMethods.DELETE_RANGE,
                                DeleteRangeRequest.newBuilder().setKey(place.key()).build());
    }
}
