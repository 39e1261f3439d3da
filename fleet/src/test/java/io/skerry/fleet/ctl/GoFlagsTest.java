package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

class GoFlagsTest {
    private static List<String> normalize(String... arguments) {
        var spec = CommandSpec.forAnnotatedObject(new ListUnitsCommand());
        return GoFlags.normalize(spec, List.of(arguments), false);
    }

    @Test
    void oneHyphenOrTwoAreTheSame() {
        assertThat(normalize("-full", "--full", "-l", "--l"))
                .containsExactly("--full", "--full", "-l", "-l");
        assertThat(normalize("-fields=unit,sub", "-no-legend"))
                .containsExactly("--fields=unit,sub", "--no-legend");
    }

    @Test
    void aSwitchMayHaveAValue() {
        assertThat(normalize("-full=true", "--l=1")).containsExactly("--full", "-l");
        assertThat(normalize("--full=false", "-no-legend=0")).isEmpty();
        assertThat(normalize("--full=maybe")).containsExactly("--full=maybe");
    }

    @Test
    void whatIsNoFlagIsLeftAsItIs() {
        assertThat(normalize("a.service", "-", "-1", "--", "-full"))
                .containsExactly("a.service", "-", "-1", "--", "-full");
    }

    @Test
    void whatFollowsTheFirstWordMayBelongToSomebodyElse() {
        var spec = CommandSpec.forAnnotatedObject(new SshCommand());
        var words = List.of("-machine", "-full", "-A", "ls", "-la", "--all=true");

        assertThat(GoFlags.normalize(spec, words, true))
                .containsExactly("--machine", "-full", "-A", "ls", "-la", "--all=true");
    }
}
