package io.skerry.testbed.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesAndPortsTest {
    private static final PlaygroundName NAME = new PlaygroundName("demo");
    private static final Host H1 = new Host(1, "11111111aaaa1111bbbb1111cccc1111", 20000, 20001);
    private static final Host H2 = new Host(2, "11112222aaaa1111bbbb1111cccc1111", 20002, 20003);
    private static final List<Host> HOSTS = List.of(H1, H2);

    @ParameterizedTest
    @ValueSource(strings = {"a", "acc01", "my-own", "0"})
    void namesOfPlaygroundsMayHaveLettersDigitsAndDashes(String name) {
        assertThat(new PlaygroundName(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", "a-", "a/b", "..", "a_b", "ä"})
    void otherNamesAreRefusedWithWhatIsAllowed(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlaygroundName(name))
                .withMessageContaining("1 to 32");
    }

    @Test
    void namespacesOfAPlaygroundWithALongerNameAreNotItsOwn() {
        var longer = new PlaygroundName("demo-h1");

        assertThat(NAME.ownsNamespace(NAME.hostNamespace(H1))).isTrue();
        assertThat(NAME.ownsNamespace(NAME.switchNamespace())).isTrue();
        assertThat(NAME.ownsNamespace(longer.hostNamespace(H1))).isFalse();
        assertThat(NAME.ownsNamespace(longer.switchNamespace())).isFalse();
        assertThat(longer.ownsNamespace(NAME.hostNamespace(H1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h1", "H1", "10.88.0.11", "11111111aaaa1111bbbb1111cccc1111", "11111111..."})
    void hostIsFoundByNameAddressMachineIdOrPrefix(String reference) throws Exception {
        assertThat(HostReference.resolve(HOSTS, reference)).isEqualTo(H1);
    }

    @Test
    void unknownHostNamesThoseThatExist() {
        assertThatThrownBy(() -> HostReference.resolve(HOSTS, "h3"))
                .hasMessage(
                        "there is no host \"h3\"; the hosts are h1 (11111111, 10.88.0.11), h2"
                                + " (11112222, 10.88.0.12)");
        assertThatThrownBy(() -> HostReference.resolve(HOSTS, ""))
                .hasMessageContaining("there is no host");
        assertThatThrownBy(() -> HostReference.resolve(List.of(), "h1"))
                .hasMessageContaining("skerry up");
    }

    @Test
    void prefixThatFitsTwoHostsIsRefused() {
        assertThatThrownBy(() -> HostReference.resolve(HOSTS, "1111"))
                .hasMessageContaining("fits several hosts: h1");
    }

    @Test
    void portsAreTheSameForTheSameNameAndApartForTheNext() throws Exception {
        int[] first = Ports.choose(NAME, 1, List.of(), port -> true);

        assertThat(first).containsExactly(Ports.preferredBase(NAME), Ports.preferredBase(NAME) + 1);
        assertThat(Ports.choose(NAME, 2, List.of(), port -> true)[0]).isEqualTo(first[0] + 2);
        assertThat(first[0]).isBetween(20_000, 31_999);
    }

    @Test
    void portsInUseAreLeftAlone() throws Exception {
        int busy = Ports.preferredBase(NAME);

        int[] chosen = Ports.choose(NAME, 1, List.of(), port -> port != busy);

        assertThat(chosen[0]).isNotEqualTo(busy).isBetween(20_000, 32_000);
        assertThatThrownBy(() -> Ports.choose(NAME, 1, List.of(), port -> false))
                .isInstanceOf(PlaygroundException.class);
    }

    @Test
    void routesSurviveTheCommandLine() {
        for (RelayRoute route : RelayRoute.of(HOSTS)) {
            assertThat(RelayRoute.parse(route.argument())).isEqualTo(route);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> RelayRoute.parse("1=2"));
    }

    @Test
    void stateIsReadAsItWasWrittenAndIsEmptyBefore(@TempDir Path folder) throws Exception {
        assertThat(PlaygroundState.load(folder).hosts()).isEmpty();

        new PlaygroundState(HOSTS).save(folder);

        assertThat(PlaygroundState.load(folder).hosts()).isEqualTo(HOSTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "skerry-hosts 1\nx", "skerry-hosts 1\n1 abc 2 3"})
    void damagedStateIsRefusedWithTheRemedy(String text, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("hosts.list"), text);

        assertThatThrownBy(() -> PlaygroundState.load(folder))
                .isInstanceOf(PlaygroundException.class)
                .hasMessageContaining("skerry down");
    }

    @Test
    void stateDirectoryCanBeMovedByTheEnvironment() {
        assertThat(StateDirectory.of(Map.of()).of(NAME))
                .isEqualTo(Path.of("/var/lib/skerry/playgrounds/demo"));
        assertThat(StateDirectory.of(Map.of("SKERRY_STATE_DIR", "/srv/s")).of(NAME))
                .isEqualTo(Path.of("/srv/s/demo"));
    }

    @Test
    void tablesOfFaultsAreToldInWords() {
        assertThat(Faults.word("skerry_isolated")).isEqualTo("isolated");
        assertThat(Faults.word("skerry_from_h2")).isEqualTo("cut from h2");
        assertThat(Faults.word("skerry_other")).isNull();
    }
}
