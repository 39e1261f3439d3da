package io.skerry.etcd.ctl.recipe;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A place in the queue of a name: the key {@code NAME/LEASE}, which hangs on a session's lease. The
 * place whose key was created first has its turn.
 */
public final class Turn {
    private final Remote remote;
    private final Session session;
    private final String prefix;
    private final String key;
    private final long created;

    private Turn(Remote remote, Session session, String prefix, String key, long created) {
        this.remote = remote;
        this.session = session;
        this.prefix = prefix;
        this.key = key;
        this.created = created;
    }

    /** Queues up. */
    public static Turn queue(Remote remote, Session session, String name, String value)
            throws CtlFailure, InterruptedException {
        String prefix = prefix(name);
        String key = prefix + Long.toHexString(session.lease());
        ByteString bytes = ByteText.bytes(key);
        var put =
                PutRequest.newBuilder()
                        .setKey(bytes)
                        .setValue(ByteText.bytes(value))
                        .setLease(session.lease());
        var request =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setKey(bytes)
                                        .setTarget(Compare.CompareTarget.CREATE)
                                        .setResult(Compare.CompareResult.EQUAL)
                                        .setCreateRevision(0))
                        .addSuccess(RequestOp.newBuilder().setRequestPut(put))
                        .addFailure(RequestOp.newBuilder().setRequestRange(one(bytes)))
                        .build();
        // A repetition after a lost answer finds the key of the first try.
        var response = remote.call(EtcdMethods.TXN, request, Remote.Effect.READS, ExitStatus.ERROR);
        long created =
                response.getSucceeded()
                        ? response.getHeader().getRevision()
                        : response.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
        return new Turn(remote, session, prefix, key, created);
    }

    /** What the keys of a name begin with. */
    public static String prefix(String name) throws CtlFailure {
        if (!ByteText.ofText(ByteText.toText(name)).equals(name)) {
            throw CtlFailure.arguments("the name must be text in UTF-8");
        }
        return name + "/";
    }

    /**
     * Waits until all who came before are gone.
     *
     * @return the own key as it is then: the lease may have run out meanwhile, so it is looked up
     */
    public RangeResponse await() throws CtlFailure, InterruptedException {
        while (true) {
            var before = remote.read(EtcdMethods.RANGE, lastBefore());
            if (before.getKvsCount() == 0) {
                break;
            }
            awaitDeletion(before.getKvs(0).getKey(), before.getHeader().getRevision() + 1);
        }
        var own = remote.read(EtcdMethods.RANGE, one(ByteText.bytes(key)).build());
        if (own.getKvsCount() == 0 || own.getKvs(0).getCreateRevision() != created) {
            throw Session.ended();
        }
        return own;
    }

    private RangeRequest lastBefore() {
        return RangeRequest.newBuilder()
                .setKey(ByteText.bytes(prefix))
                .setRangeEnd(ByteText.bytes(ByteText.prefixEnd(prefix)))
                .setMaxCreateRevision(created - 1)
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setSortOrder(RangeRequest.SortOrder.DESCEND)
                .setLimit(1)
                .build();
    }

    private static RangeRequest.Builder one(ByteString key) {
        return RangeRequest.newBuilder().setKey(key);
    }

    private void awaitDeletion(ByteString other, long fromRevision)
            throws CtlFailure, InterruptedException {
        var gone = new CompletableFuture<Boolean>();
        var listener =
                new WatchListener() {
                    @Override
                    public void onEvents(long revision, List<WatchEvent> events) {
                        if (events.stream().anyMatch(WatchEvent.Deleted.class::isInstance)) {
                            gone.complete(true);
                        }
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        gone.complete(false); // it is looked up again
                    }

                    @Override
                    public void onRefused(EtcdException reason) {
                        gone.completeExceptionally(reason);
                    }
                };
        var request = WatchRequest.key(other.toStringUtf8()).from(fromRevision);
        try (var _ = remote.client().watch(request, listener)) {
            session.awaitOrEnd(gone);
        }
    }

    /** The revision at which the place was taken: grows with each holder, so it fences. */
    public long created() {
        return created;
    }

    public String key() {
        return key;
    }
}
