package io.skerry.node.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.containers.run.ContainerName;
import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ContainerNamesTest {
    private static final Machine H1 = machine("11111111", "h1");
    private static final Machine H2 = machine("22222222", "h2");
    private static final Machine H3 = machine("33333333", "h3");

    private static final KnownContainer PROBE_1 = bound("probe", H1);
    private static final KnownContainer PROBE_2 = bound("probe", H2);
    private static final KnownContainer WEB = placed("web", Optional.of(H1));
    private static final KnownContainer LOST = placed("lost", Optional.empty());
    private static final List<KnownContainer> ALL = List.of(PROBE_1, PROBE_2, WEB, LOST);

    @Test
    void nameMeansTheContainerOfTheHostWhereItIsUsed() throws IOException {
        assertThat(on(H1).find("probe")).isEqualTo(PROBE_1);
        assertThat(on(H2).find("probe")).isEqualTo(PROBE_2);
    }

    @Test
    void nameMeansTheOnlyContainerOfTheCluster() throws IOException {
        assertThat(on(H3).find("web")).isEqualTo(WEB);
        assertThat(new ContainerNames(List.of(PROBE_2), on(H1).here()).find("probe"))
                .isEqualTo(PROBE_2);
    }

    @Test
    void ofSeveralTheHostsAreToldAndHowToNameOne() {
        assertThatThrownBy(() -> outside().find("probe"))
                .isInstanceOf(IOException.class)
                .hasMessage("probe runs on h1, h2: name one of them as probe@h1");
    }

    @Test
    void hostBehindTheNameTellsThemApart() throws IOException {
        for (String host : List.of("h2", "10.0.0.2", "22222222", "2222")) {
            assertThat(outside().find("probe@" + host)).isEqualTo(PROBE_2);
        }
        assertThat(on(H2).find("probe@h1")).isEqualTo(PROBE_1);
        assertThatThrownBy(() -> outside().find("probe@h3"))
                .hasMessageContaining("there is no container 'probe@h3'; there are probe, web");
    }

    @Test
    void namesAreTakenOnTheirOwnHostOnlyOrOnAll() {
        assertThat(outside().rival(ContainerName.ofHost("probe", H3.id()))).isEmpty();
        assertThat(outside().rival(ContainerName.ofHost("probe", H2.id()))).contains(PROBE_2);
        assertThat(outside().rival(new ContainerName("probe"))).contains(PROBE_1);
        assertThat(outside().rival(ContainerName.ofHost("web", H3.id()))).contains(WEB);
        assertThat(outside().rival(new ContainerName("new"))).isEmpty();
    }

    private static ContainerNames outside() {
        return new ContainerNames(ALL, Optional.empty());
    }

    private static ContainerNames on(Machine machine) {
        return new ContainerNames(ALL, Optional.of(machine.id()));
    }

    private static Machine machine(String idBegin, String name) {
        return new Machine(idBegin + "aaaa", "10.0.0." + name.charAt(1), name);
    }

    private static KnownContainer bound(String name, Machine machine) {
        return container(ContainerName.ofHost(name, machine.id()), true, Optional.of(machine));
    }

    private static KnownContainer placed(String name, Optional<Machine> machine) {
        return container(new ContainerName(name), false, machine);
    }

    private static KnownContainer container(
            ContainerName id, boolean bound, Optional<Machine> machine) {
        return new KnownContainer(
                id,
                bound,
                Optional.empty(),
                "busybox",
                "",
                List.of(),
                machine,
                "active",
                "running");
    }
}
