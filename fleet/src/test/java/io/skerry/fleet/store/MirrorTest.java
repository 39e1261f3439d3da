package io.skerry.fleet.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class MirrorTest {
    private static final String NAME = "mirror-without-rights";
    private static final KeyRange ALL = KeyRange.under("/k/");

    private final MemoryStore store = new MemoryStore();

    /** Values as they were told. */
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final Mirror.Listener listener =
            new Mirror.Listener() {
                @Override
                public void listed(Listing listing) {
                    told.add("listed " + listing.entries().stream().map(Entry::value).toList());
                }

                @Override
                public void changed(List<Change> changes) {
                    changes.forEach(change -> told.add("changed " + change.key()));
                }
            };

    /** It would go by what it heard last for good otherwise. */
    @Test
    void listsAndFollowsAnewWhenTheStoreHasRefusedToGoOn() throws Exception {
        put("first");
        var ranges = List.of(ALL);
        try (var _ = new Mirror("mirror-of-a-test", store, ranges, listener)) {
            assertThat(next()).isEqualTo("listed [first]");
            put("followed");
            assertThat(next()).isEqualTo("changed /k/a");

            store.refuseFollowers();
            put("second");

            assertThat(next()).isEqualTo("listed [second]");
            put("third");
            assertThat(next()).isEqualTo("changed /k/a");
        }
    }

    @Test
    void reasonForWhichItCannotListIsToldOnce() throws Exception {
        var reasons = new ConcurrentLinkedQueue<>(List.of("away", "away", "refused", "refused"));
        var handler = new Messages();
        var logger = Logger.getLogger(Mirror.class.getName());
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        try (var _ = new Mirror(NAME, failing(reasons), List.of(ALL), listener)) {
            assertThat(next()).isEqualTo("listed []");
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
        }

        assertThat(reasons).isEmpty();
        assertThat(handler.heard)
                .containsExactly("cannot list, trying on", "cannot list, trying on", "lists again");
    }

    /** The store, once there is no reason left not to list. */
    private FleetStore failing(Queue<String> reasons) {
        return (FleetStore)
                Proxy.newProxyInstance(
                        FleetStore.class.getClassLoader(),
                        new Class<?>[] {FleetStore.class},
                        (_, method, arguments) -> {
                            String reason = method.getName().equals("list") ? reasons.poll() : null;
                            if (reason != null) {
                                throw new RegistryException(reason);
                            }
                            return method.invoke(store, arguments);
                        });
    }

    /** What the one of that name logs, without what it is of. */
    private static final class Messages extends Handler {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord event) {
            if (Thread.currentThread().getName().equals(NAME)) {
                heard.add(event.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private void put(String value) {
        var write = new StoreTxn.Write.Put("/k/a", value);
        assertThat(store.commit(new StoreTxn(List.of(), List.of(write)), 0).held()).isTrue();
    }

    private String next() throws InterruptedException {
        return String.valueOf(told.poll(60, TimeUnit.SECONDS));
    }
}
