package io.skerry.flannel.subnet;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import io.skerry.etcd.client.Listing;
import io.skerry.etcd.client.Watch;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Follows what has a prefix in an etcd v3 store. */
final class LeaseMirror implements FollowingMirror.Following {
    private static final Log LOG = Log.of(LeaseMirror.class);

    private final EtcdClient client;
    private final String prefix;
    private final Consumer<Map<String, KeyValue>> listener;

    private LeaseMirror(
            EtcdClient client, String prefix, Consumer<Map<String, KeyValue>> listener) {
        this.client = client;
        this.prefix = prefix;
        this.listener = listener;
    }

    /** As {@link NetworkStore#follow} tells. */
    static Mirror start(
            EtcdClient client, String prefix, Consumer<Map<String, KeyValue>> listener) {
        return FollowingMirror.start(prefix, new LeaseMirror(client, prefix, listener));
    }

    /** What the watch brings to the thread. */
    private sealed interface News {
        record Changes(List<WatchEvent> events) implements News {}

        record Over() implements News {}
    }

    @Override
    public void follow() throws StoreException, InterruptedException {
        Listing listing = list();
        Map<String, KeyValue> entries = new TreeMap<>();
        listing.entries().forEach(entry -> entries.put(entry.key(), entry));
        listener.accept(Map.copyOf(entries));
        BlockingQueue<News> news = new LinkedBlockingQueue<>();
        var request = WatchRequest.prefix(prefix).from(listing.revision() + 1);
        try (Watch watch = client.watch(request, new Inbox(news))) {
            while (news.take() instanceof News.Changes(List<WatchEvent> events)) {
                apply(events, entries);
                // A storm of changes is worth one look.
                while (news.peek() instanceof News.Changes(List<WatchEvent> more)) {
                    news.remove();
                    apply(more, entries);
                }
                listener.accept(Map.copyOf(entries));
            }
            LOG.debug("watch is over, listing anew", "prefix", prefix, "watch", watch);
        }
    }

    private Listing list() throws StoreException, InterruptedException {
        try {
            return client.list(prefix);
        } catch (EtcdException e) {
            throw new StoreException(e);
        }
    }

    private static void apply(List<WatchEvent> events, Map<String, KeyValue> entries) {
        for (WatchEvent event : events) {
            switch (event) {
                case WatchEvent.Put put -> entries.put(put.key(), put.now());
                case WatchEvent.Deleted deleted -> entries.remove(deleted.key());
            }
        }
    }

    private record Inbox(BlockingQueue<News> news) implements WatchListener {
        @Override
        public void onEvents(long revision, List<WatchEvent> events) {
            news.add(new News.Changes(events));
        }

        @Override
        public void onCompacted(long compactRevision) {
            news.add(new News.Over());
        }

        @Override
        public void onRefused(EtcdException reason) {
            LOG.error("the store refuses to be watched", "cause", reason.getMessage());
            news.add(new News.Over());
        }
    }
}
