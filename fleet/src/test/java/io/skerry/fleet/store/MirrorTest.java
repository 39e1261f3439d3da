package io.skerry.fleet.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MirrorTest {
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
        var ranges = List.of(KeyRange.under("/k/"));
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

    private void put(String value) {
        var write = new StoreTxn.Write.Put("/k/a", value);
        assertThat(store.commit(new StoreTxn(List.of(), List.of(write)), 0).held()).isTrue();
    }

    private String next() throws InterruptedException {
        return String.valueOf(told.poll(60, TimeUnit.SECONDS));
    }
}
