package io.skerry.flannel.etcdv2;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.subnet.FollowingMirror;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.StoreException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows what is at or below a node. Events come one for each request and are remembered by the
 * store for a thousand changes of anything; who comes later lists anew. A watch that is quiet
 * begins again behind what the store had when it began, so that it is not later than that. Before,
 * a member is asked that has the store's majority: a watch would wait for ever at one that hangs or
 * is cut off.
 */
final class NodeMirror implements FollowingMirror.Following {
    private static final Log LOG = Log.of(NodeMirror.class);

    private final KeysApi api;
    private final String key;
    private final Consumer<Map<String, KeyValue>> listener;

    /** What the listener got last; confined to the thread. */
    private @Nullable Map<String, KeyValue> shown;

    private NodeMirror(KeysApi api, String key, Consumer<Map<String, KeyValue>> listener) {
        this.api = api;
        this.key = key;
        this.listener = listener;
    }

    static Mirror start(KeysApi api, String key, Consumer<Map<String, KeyValue>> listener) {
        return FollowingMirror.start(key, new NodeMirror(api, key, listener));
    }

    private void show(Map<String, KeyValue> entries) {
        if (!entries.equals(shown)) {
            var now = Map.copyOf(entries);
            listener.accept(now);
            shown = now;
        }
    }

    @Override
    public void follow() throws StoreException, InterruptedException {
        Map<String, KeyValue> entries = new TreeMap<>();
        long next = list(entries) + 1;
        show(entries);
        while (true) {
            KeysApi.Awaited awaited = api.await(key, next);
            switch (awaited) {
                case KeysApi.Awaited.Quiet(int member, long index) -> {
                    // Nothing happened until the watch began; what came since is to be asked for.
                    next = Math.max(next, index + 1);
                    KeysApi.Reached reached = api.reach(key);
                    if (reached.member() != member || reached.index() + 1 < next) {
                        LOG.debug("another member, or another past: listing anew", "key", key);
                        return;
                    }
                }
                case KeysApi.Awaited.Heard(Answer.Done event) -> {
                    next = event.node().modifiedIndex() + 1;
                    apply(event, entries);
                    show(entries);
                }
                case KeysApi.Awaited.Heard(Answer.Refused refused) -> {
                    if (refused.code() != Answer.Refused.EVENT_INDEX_CLEARED) {
                        throw refused.failure();
                    }
                    LOG.debug("missed too much, listing anew", "key", key, "index", next);
                    return;
                }
            }
        }
    }

    /** The index of the store as listed. */
    private long list(Map<String, KeyValue> into) throws StoreException, InterruptedException {
        return switch (api.get(key)) {
            case Answer.Done all -> {
                all.node().entries().forEach(entry -> into.put(entry.key(), entry));
                yield all.index();
            }
            case Answer.Refused refused -> {
                if (refused.code() != Answer.Refused.KEY_NOT_FOUND) {
                    throw refused.failure();
                }
                yield refused.index();
            }
        };
    }

    private static void apply(Answer.Done event, Map<String, KeyValue> entries) {
        Node node = event.node();
        if (event.gone()) {
            // Also of a directory, which may be one above.
            entries.keySet()
                    .removeIf(key -> key.equals(node.key()) || key.startsWith(node.key() + "/"));
        } else if (!node.directory()) {
            entries.put(node.key(), node.entry());
        }
    }
}
