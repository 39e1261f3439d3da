package io.skerry.etcd.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.mvcc.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private final RecentEvents recent = new RecentEvents(7);

    @Test
    void givesWhatCameFromARevisionOnInOrder() {
        add(8, 0);
        add(8, 1);
        add(10, 0);

        assertThat(recent.cover(7)).isFalse();
        assertThat(recent.cover(8)).isTrue();
        assertThat(from(8)).containsExactly("8/0", "8/1", "10/0");
        assertThat(from(9)).containsExactly("10/0");
        assertThat(from(11)).isEmpty();
    }

    @Test
    void forgetsTheOldestAndKnowsThatARevisionIsNoLongerWhole() {
        for (int revision = 8; revision < 20_000; revision++) {
            add(revision, 0);
            add(revision, 1);
        }

        assertThat(recent.cover(8)).isFalse();
        assertThat(recent.cover(19_999)).isTrue();
        long first = 8;
        while (!recent.cover(first)) {
            first++;
        }
        assertThat(from(first)).startsWith(first + "/0", first + "/1").endsWith("19999/1");
        assertThat(from(first)).hasSize((int) (20_000 - first) * 2);
    }

    @Test
    void afterAGapOnlyWhatComesNextIsKnown() {
        add(8, 0);

        recent.restartAfter(30);
        add(31, 0);

        assertThat(recent.cover(30)).isFalse();
        assertThat(from(31)).containsExactly("31/0");
    }

    private void add(long revision, int position) {
        byte[] key = (revision + "/" + position).getBytes(StandardCharsets.US_ASCII);
        recent.add(new SharedEvent(new Change(revision, position, key, null, null)));
    }

    private List<String> from(long revision) {
        var found = new ArrayList<String>();
        recent.from(
                revision,
                event -> found.add(new String(event.change().key(), StandardCharsets.US_ASCII)));
        return found;
    }
}
