package io.skerry.base.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void findsTheWordWithTheFewestEdits() {
        assertThat(Nearest.to("list-unitz", List.of("list-unit-files", "list-units", "load")))
                .contains("list-units");
    }

    @Test
    void countsSwappedNeighboursAsOneEdit() {
        assertThat(Nearest.to("ndoe", List.of("note", "node"))).contains("node");
    }

    @Test
    void findsNothingWhenEveryCandidateIsAnotherWord() {
        assertThat(Nearest.to("frobnicate", List.of("up", "down"))).isEmpty();
    }

    @Test
    void findsNothingThatSharesNoLetterWithAFlag() {
        assertThat(Nearest.to("-o", List.of("-h", "--help"))).isEmpty();
        assertThat(Nearest.to("--bogus", List.of("--hosts", "--cors"))).isEmpty();
        assertThat(Nearest.to("--", List.of("-h"))).isEmpty();
        assertThat(Nearest.to("--host", List.of("--help", "--hosts"))).contains("--hosts");
    }

    @Test
    void takesTheFirstByNameOfEquallyNearOnes() {
        assertThat(Nearest.to("stap", List.of("stop", "step"))).contains("step");
    }
}
