package io.skerry.flannel.etcdv2;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is at or below a node. Events come one for each request and are remembered by the store for
 * a thousand changes of anything; who comes later lists anew. So does who has heard nothing for a
 * while: a list is answered by a member that has the store's majority, where a watch would wait for
 * ever at one that hangs or is cut off.
 */
final class NodeMirror implements Mirror {
    private static final Log LOG = Log.of(NodeMirror.class);
    private static final long RETRY_MILLIS = 300;
    private static final long RETRY_AFTER_FAULT_MILLIS = 5_000;

    private final KeysApi api;
    private final String key;
    private final Consumer<Map<String, KeyValue>> listener;
    private final Thread thread;

    /** What was logged last; confined to the thread. */
    private String trouble = "";

    /** What the listener got last; confined to the thread. */
    private @Nullable Map<String, KeyValue> shown;

    private NodeMirror(KeysApi api, String key, Consumer<Map<String, KeyValue>> listener) {
        this.api = api;
        this.key = key;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("flannel-mirror").unstarted(this::run);
    }

    static NodeMirror start(KeysApi api, String key, Consumer<Map<String, KeyValue>> listener) {
        var mirror = new NodeMirror(api, key, listener);
        mirror.thread.start();
        return mirror;
    }

    private void run() {
        try {
            while (true) {
                try {
                    follow();
                } catch (StoreException e) {
                    tell(String.valueOf(e.getMessage()));
                } catch (RuntimeException e) {
                    // Whoever listens would otherwise go by an old view for good.
                    LOG.error("following the store failed, beginning anew", e);
                    TimeUnit.MILLISECONDS.sleep(RETRY_AFTER_FAULT_MILLIS);
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void tell(String failure) {
        if (!failure.equals(trouble)) {
            LOG.warn("cannot follow the store", "key", key, "cause", failure);
        }
        trouble = failure;
    }

    private void show(Map<String, KeyValue> entries) {
        if (!entries.equals(shown)) {
            var now = Map.copyOf(entries);
            listener.accept(now);
            shown = now;
        }
    }

    /** Returns when everything must be listed anew. */
    private void follow() throws StoreException, InterruptedException {
        Map<String, KeyValue> entries = new TreeMap<>();
        long next = list(entries) + 1;
        show(entries);
        while (true) {
            Optional<Answer> answer = api.await(key, next);
            if (answer.isEmpty()) {
                trouble = "";
                return;
            }
            switch (answer.get()) {
                case Answer.Done event -> {
                    trouble = "";
                    next = event.node().modifiedIndex() + 1;
                    apply(event, entries);
                    show(entries);
                }
                case Answer.Refused refused -> {
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

    @Override
    public void close() {
        thread.interrupt();
    }
}
