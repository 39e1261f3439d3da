package io.skerry.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Collects what a watch tells. */
final class Events implements WatchListener {
    final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> compacted = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> created = new LinkedBlockingQueue<>();
    final BlockingQueue<EtcdException> refused = new LinkedBlockingQueue<>();

    @Override
    public void onEvents(long revision, List<WatchEvent> changes) {
        events.addAll(changes);
    }

    @Override
    public void onCompacted(long compactRevision) {
        compacted.add(compactRevision);
    }

    @Override
    public void onCreated(long revision) {
        created.add(revision);
    }

    @Override
    public void onRefused(EtcdException reason) {
        refused.add(reason);
    }

    void awaitCreated() throws InterruptedException {
        assertThat(created.poll(60, TimeUnit.SECONDS)).isNotNull();
    }

    /** The values of the next puts. */
    List<String> values(int count) throws InterruptedException {
        var values = new ArrayList<String>();
        while (values.size() < count) {
            WatchEvent event = events.poll(60, TimeUnit.SECONDS);
            if (!(event instanceof WatchEvent.Put put)) {
                throw new AssertionError("after " + values + " came " + event);
            }
            values.add(put.now().text());
        }
        return values;
    }
}
