package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CtlCommandTest {
    @Test
    void aUniquePrefixIsEnough() throws CtlException {
        assertThat(CtlCommand.named("jo")).isEqualTo(CtlCommand.JOURNAL);
        assertThat(CtlCommand.named("list-m")).isEqualTo(CtlCommand.LIST_MACHINES);
        assertThat(CtlCommand.named("un")).isEqualTo(CtlCommand.UNLOAD);
    }

    @Test
    void aWholeNameWinsOverLongerOnes() throws CtlException {
        assertThat(CtlCommand.named("list-units")).isEqualTo(CtlCommand.LIST_UNITS);
    }

    @Test
    void anAmbiguousPrefixNamesAllThatFit() {
        assertThatThrownBy(() -> CtlCommand.named("sta"))
                .hasMessage("command 'sta' is ambiguous: start, status");
    }

    @Test
    void aSlipOfTheFingerGetsTheNearest() {
        assertThatThrownBy(() -> CtlCommand.named("list-unitz"))
                .hasMessage("unknown command 'list-unitz'; did you mean list-units?");
        assertThatThrownBy(() -> CtlCommand.named("frobnicate"))
                .hasMessage("unknown command 'frobnicate'; help lists the commands");
    }

    @Test
    void whatTheOriginalItselfGaveUpIsRefusedWithTheReason() {
        assertThatThrownBy(() -> CtlCommand.named("verify")).hasMessageContaining("not supported");
    }
}
