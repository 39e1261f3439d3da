package io.skerry.flannel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PathSearchTest {
    @Test
    void longestPacketThatArrivesIsFoundWhateverItIs() throws Exception {
        for (int carried = 576; carried <= 1500; carried++) {
            int most = carried;
            assertThat(PathSearch.longest(1500, bytes -> bytes <= most)).hasValue(carried);
        }
    }

    @Test
    void pathThatCarriesAllIsTriedOnce() throws Exception {
        var tries = new AtomicInteger();

        assertThat(PathSearch.longest(9000, _ -> tries.incrementAndGet() > 0)).hasValue(9000);

        assertThat(tries).hasValue(1);
    }

    @Test
    void hostThatNeverAnswersSaysNothing() throws Exception {
        assertThat(PathSearch.longest(1500, _ -> false)).isEqualTo(OptionalInt.empty());
        assertThat(PathSearch.longest(500, bytes -> bytes < 400)).isEmpty();
    }
}
