package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsBeginAtTabStopsOfEight() {
        var table =
                new Table()
                        .row(List.of("UNIT", "MACHINE", "ACTIVE", "SUB"))
                        .row(List.of("a.service", "11111111.../10.88.0.11", "active", "running"));

        assertThat(table.render())
                .isEqualTo(
                        """
                        UNIT            MACHINE                 ACTIVE  SUB
                        a.service       11111111.../10.88.0.11  active  running
                        """);
    }

    @Test
    void aTextThatEndsAtATabStopIsFollowedByAWholeGap() {
        assertThat(new Table().row(List.of("12345678", "x")).render())
                .isEqualTo("12345678        x\n");
    }

    @Test
    void theLastCellIsNotPadded() {
        assertThat(new Table().row(List.of("a", "")).render()).isEqualTo("a       \n");
        assertThat(new Table().row(List.of("only")).render()).isEqualTo("only\n");
    }

    @Test
    void widthIsCountedInCharactersAndNotInBytes() {
        assertThat(new Table().row(List.of("ünïcödé", "x")).render()).isEqualTo("ünïcödé x\n");
    }
}
