package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeySpace;
import io.skerry.etcd.server.mvcc.engine.Engine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tree's writing side: nodes lie in the key space, their ends and the newest events beside it.
 * Used by the thread that applies the log; {@link #expiries} may be read by any.
 */
public final class NodeStore {
    /** Names of the engine's maps beside those of the key space; a snapshot carries each. */
    public static final List<String> MAPS = List.of(ExpiryTable.MAP, EventHistory.MAP);

    private final KeySpace keys;
    private final ExpiryTable expiries;
    private final EventHistory history;

    public NodeStore(Engine engine, KeySpace keys) {
        this.keys = keys;
        this.expiries = new ExpiryTable(engine);
        this.history = new EventHistory(engine);
    }

    public ExpiryTable expiries() {
        return expiries;
    }

    /** The newest events of clients' keys, oldest first. */
    public List<Event> events() {
        return history.content().events();
    }

    /** Index of the newest event that is kept no more; 0 if all are. */
    public long eventsClearedThrough() {
        return history.content().clearedThrough();
    }

    /**
     * Carries a write out, or refuses it.
     *
     * @param changes takes what it changed in the key space
     */
    public Outcome apply(Write write, List<Change> changes) {
        var transaction = keys.begin();
        var execution =
                new WriteExecution(transaction, expiries, write.namespace(), write.nowEpochNanos());
        try {
            var event = execution.execute(write);
            changes.addAll(transaction.end());
            remember(write.namespace(), event);
            return new Outcome.Done(event);
        } catch (NodeErrorException e) {
            return new Outcome.Refused(write.action(), e.error());
        }
    }

    /**
     * Ends the node of an expiry, each at a revision of its own. Null if there is no such expiry.
     *
     * @param nowEpochNanos the leader's time
     */
    public @Nullable Outcome expire(long id, long nowEpochNanos, List<Change> changes) {
        var expiry = expiries.find(id);
        if (expiry == null) {
            return null;
        }
        var transaction = keys.begin();
        var event =
                new WriteExecution(transaction, expiries, expiry.namespace(), nowEpochNanos)
                        .expire(expiry);
        if (event == null) {
            throw new IllegalStateException("expiry " + id + " has no node at " + expiry.path());
        }
        changes.addAll(transaction.end());
        remember(expiry.namespace(), event);
        return new Outcome.Done(event);
    }

    private void remember(Namespace namespace, Event event) {
        if (namespace == Namespace.KEYS) {
            history.add(event);
        }
    }

    /** Notes how many seconds nodes have left by the leader's clock. */
    public void checkpoint(Map<Long, Long> remainingSeconds) {
        remainingSeconds.forEach((id, seconds) -> {
            var expiry = expiries.find(id);
            if (expiry != null) {
                expiries.put(
                        new Expiry(
                                id,
                                expiry.namespace(),
                                expiry.path(),
                                expiry.ttlSeconds(),
                                seconds));
            }
        });
    }
}
