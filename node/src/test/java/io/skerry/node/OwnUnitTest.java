package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnUnitTest {
    @Test
    void findsTheServiceInTheControlGroups() {
        var cgroups =
                List.of(
                        "5:cpu:/",
                        "1:name=systemd:/system.slice/skerry.service",
                        "0::/system.slice");

        assertThat(OwnUnit.named(cgroups)).contains("skerry.service");
        assertThat(OwnUnit.named(List.of("0::/user.slice/session-1.scope"))).isEmpty();
    }

    @Test
    void onlyAStopJobOfTheUnitItselfIsForGood() {
        assertThat(OwnUnit.hasStopJob(" 44 skerry.service stop running\n", "skerry.service"))
                .isTrue();
        assertThat(OwnUnit.hasStopJob("44 skerry.service restart running\n", "skerry.service"))
                .isFalse();
        assertThat(OwnUnit.hasStopJob("44 other.service stop running\n", "skerry.service"))
                .isFalse();
        assertThat(OwnUnit.hasStopJob("No jobs running.\n", "skerry.service")).isFalse();
    }
}
