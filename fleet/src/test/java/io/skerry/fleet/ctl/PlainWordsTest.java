package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What is read without picocli means the same as with it. */
class PlainWordsTest {
    private static final List<List<String>> WORDS =
            List.of(
                    List.of(),
                    List.of("a.service"),
                    List.of("a.service", "dir/b@1.service", "a.service"),
                    List.of("we'ird", "${x}", "\"q\"", "a b", ""));

    @ParameterizedTest
    @EnumSource(CtlCommand.class)
    void aCommandTakesWordsAsPicocliReadsThem(CtlCommand command) {
        for (List<String> words : WORDS) {
            var taken = command.create();
            if (taken.take(words)) {
                var read = command.create();
                new CommandLine(read).parseArgs(words.toArray(String[]::new));

                assertThat(taken).usingRecursiveComparison().isEqualTo(read);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CtlCommand.class)
    void aCommandLeavesToPicocliWhatIsWrong(CtlCommand command) {
        for (List<String> words : WORDS) {
            var read = new CommandLine(command.create());
            try {
                read.parseArgs(words.toArray(String[]::new));
            } catch (ParameterException e) {
                assertThat(command.create().take(words)).isFalse();
            }
        }
    }

    @Test
    void whatIsUsedMostIsTaken() {
        var some = List.of("a.service");
        for (var command : EnumSet.of(CtlCommand.START, CtlCommand.STOP, CtlCommand.DESTROY)) {
            assertThat(command.create().take(some)).isTrue();
        }
        assertThat(CtlCommand.LIST_UNITS.create().take(List.of())).isTrue();
        assertThat(CtlCommand.LIST_UNITS.create().take(some)).isFalse();
    }

    @Test
    void globalFlagsAreTakenAsPicocliReadsThem() {
        var words = List.of("start", "--replace", "a@1.service", "-", "--", "@");
        var arguments = words.subList(0, 5);
        var taken = new FleetCommand();
        var read = new FleetCommand();

        assertThat(taken.take(arguments, Map.of("HOME", "/root"))).isTrue();
        FleetCommand.parser(read, Map.of()).parseArgs(arguments.toArray(String[]::new));

        assertThat(taken).usingRecursiveComparison().isEqualTo(read);
        assertThat(taken.words()).isEqualTo(arguments);
        assertThat(new FleetCommand().take(words, Map.of())).isFalse();
        assertThat(new FleetCommand().take(List.of("--debug", "start"), Map.of())).isFalse();
        assertThat(new FleetCommand().take(List.of(), Map.of())).isFalse();
        assertThat(new FleetCommand().take(arguments, Map.of("FLEETCTL_DEBUG", "true"))).isFalse();
    }
}
