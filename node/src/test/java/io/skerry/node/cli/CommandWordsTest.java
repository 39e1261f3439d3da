package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandWordsTest {
    @Test
    void seesThePlaygroundThatIsAllBeforeTheCommand() {
        var words = CommandWords.of("fleet", "start", "--playground", "two", "a.service");

        assertThat(CommandWords.of("--playground", "one", "fleet").onlyPlayground())
                .hasValue("one");
        assertThat(words.globalsFirst().onlyPlayground()).hasValue("two");
        assertThat(words.globalsFirst().after()).containsExactly("start", "a.service");
    }

    @Test
    void leavesOtherGlobalFlagsToPicocli() {
        assertThat(CommandWords.of("fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("-h", "fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("--playground=one", "fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("--playground", "", "fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("--playground", "-h", "fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("--playground", "@a", "fleet").onlyPlayground()).isEmpty();
        assertThat(CommandWords.of("-h", "--playground", "a", "fleet").onlyPlayground()).isEmpty();
    }
}
