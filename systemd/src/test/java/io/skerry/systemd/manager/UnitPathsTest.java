package io.skerry.systemd.manager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitPathsTest {
    @ParameterizedTest
    @CsvSource({
        "web.service, web_2eservice",
        "web@1.service, web_401_2eservice",
        "9p.mount, _39p_2emount",
        "a_b-c\\x2d.mount, a_5fb_2dc_5cx2d_2emount",
        "-.mount, _2d_2emount",
    })
    void namesBecomePathsAndComeBack(String unit, String escaped) {
        assertThat(UnitPaths.pathOf(unit)).isEqualTo("/org/freedesktop/systemd1/unit/" + escaped);
        assertThat(UnitPaths.unitOf(UnitPaths.pathOf(unit))).contains(unit);
    }

    @Test
    void otherPathsAreNotOfUnits() {
        assertThat(UnitPaths.unitOf("/org/freedesktop/systemd1")).isEmpty();
        assertThat(UnitPaths.unitOf("/org/freedesktop/systemd1/unit")).isEmpty();
        assertThat(UnitPaths.unitOf("/org/freedesktop/systemd1/unit/_zz")).isEmpty();
    }
}
