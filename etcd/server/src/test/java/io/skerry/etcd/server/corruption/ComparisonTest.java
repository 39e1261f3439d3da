package io.skerry.etcd.server.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is damaged, by what members report to member 1. */
class ComparisonTest {
    private static final ContentReport ONE = new ContentReport(10, 1, 77);
    private static final ContentReport OTHER = new ContentReport(10, 1, 78);

    @Test
    void equalContentAccusesNobody() {
        var found = new Comparison(1, 3, Set.of(2L, 3L), Map.of());
        assertThat(found.damaged()).isEmpty();
        assertThat(found.trustsItself()).isTrue();
    }

    @Test
    void minorityIsDamaged() {
        var found = new Comparison(1, 3, Set.of(2L), Map.of(3L, ONE));
        assertThat(found.damaged()).containsExactly(3L);
        assertThat(found.trustsItself()).isTrue();
    }

    @Test
    void whoComparesIsDamagedIfTheOthersAgree() {
        var found = new Comparison(1, 3, Set.of(), Map.of(2L, ONE, 3L, ONE));
        assertThat(found.damaged()).containsExactly(1L);
        assertThat(found.trustsItself()).isFalse();
    }

    @Test
    void minorityOfSeveralIsDamagedTogether() {
        var found = new Comparison(1, 5, Set.of(2L), Map.of(3L, ONE, 4L, ONE, 5L, ONE));
        assertThat(found.damaged()).containsExactly(1L, 2L);
    }

    @Test
    void withoutAMajorityWhoDiffersIsAccusedAndNobodyTrusted() {
        var apart = new Comparison(1, 3, Set.of(), Map.of(2L, ONE, 3L, OTHER));
        assertThat(apart.damaged()).containsExactly(2L, 3L);
        assertThat(apart.trustsItself()).isFalse();
        var two = new Comparison(1, 2, Set.of(), Map.of(2L, ONE));
        assertThat(two.damaged()).containsExactly(2L);
        assertThat(two.trustsItself()).isFalse();
    }

    @Test
    void whoDoesNotAnswerCountsForNobody() {
        var found = new Comparison(1, 5, Set.of(2L), Map.of(3L, ONE));
        assertThat(found.damaged()).containsExactly(3L);
        assertThat(found.trustsItself()).isFalse();
    }
}
