package io.skerry.base.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void itemsKeepTheirOrderAndFillEachBatchUpToTheFirstLimitThatIsReached() {
        Batches<String> batches = Batches.<String>ofAtMost(3).and(String::length, 6);

        assertThat(batches.of(List.of("a", "b", "c", "dddd", "ee", "f", "ggggg")))
                .containsExactly(
                        List.of("a", "b", "c"), List.of("dddd", "ee"), List.of("f", "ggggg"));
    }

    @Test
    void oneThatIsBeyondALimitByItselfTravelsAlone() {
        Batches<String> batches = Batches.<String>ofAtMost(3).and(String::length, 2);

        assertThat(batches.of(List.of("long", "a", "b", "long", "c")))
                .containsExactly(List.of("long"), List.of("a", "b"), List.of("long"), List.of("c"));
    }

    @Test
    void ofNothingThereIsNoBatch() {
        assertThat(Batches.ofAtMost(3).of(List.of())).isEmpty();
    }
}
