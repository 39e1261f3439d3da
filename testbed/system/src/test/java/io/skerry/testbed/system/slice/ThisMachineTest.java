package io.skerry.testbed.system.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostImage;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundName;
import io.skerry.testbed.hosts.StateDirectory;
import io.skerry.testbed.system.Cli;
import io.skerry.testbed.system.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A machine that systemd runs becomes a cluster of one. A virtual host without a node stands for
 * it: to the program it looks the same.
 */
@SuppressWarnings("NullAway.Init") // the fields are set before the first test
final class ThisMachineTest {
    private static final PlaygroundName NAME =
            new PlaygroundName("machine-" + ProcessHandle.current().pid());
    private static final Duration SOON = Duration.ofMinutes(5);
    private static Playground playground;
    private static Host machine;

    @BeforeAll
    static void boot() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        Path state = Path.of("target", "playgrounds").toAbsolutePath();
        var image =
                new HostImage(
                        Cli.distribution(),
                        Path.of(System.getProperty("java.home")),
                        Map.of(),
                        List.of());
        playground = Playground.open(NAME, new StateDirectory(state), image);
        playground.grow(1);
        machine = playground.hosts().getFirst();
        playground.start(machine);
    }

    @AfterAll
    static void remove() throws Exception {
        if (playground != null) {
            playground.destroy(false);
        }
    }

    @Test
    void upInstallsTheNodeAsAUnitAndDownRemovesIt() throws Exception {
        assertThat(skerry("up")).contains("a cluster of one");
        assertThat(skerry("up")).contains("nothing to do");
        assertThat(in("systemctl", "is-enabled", "skerry.service")).isEqualTo("enabled");
        Waiting.until("a leader", SOON, () -> skerry("status").contains("leader"));
        Waiting.until(
                "the machine",
                SOON,
                () -> skerry("fleet", "list-machines", "--no-legend").lines().count() == 1);
        assertThat(skerry("env")).contains("https://" + machine.address() + ":2379");

        assertThat(skerry("down")).contains("removed");

        assertThat(playground.run(machine, "systemctl", "cat", "skerry.service").succeeded())
                .isFalse();
        assertThat(in("sh", "-c", "ls -A /etc/skerry /var/lib/skerry")).doesNotContain("pki", "ca");
    }

    private static String skerry(String... words) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of(HostImage.PROGRAM_MOUNT + "/skerry"));
        command.addAll(List.of(words));
        return in(command.toArray(String[]::new));
    }

    private static String in(String... command) throws IOException, InterruptedException {
        return playground.run(machine, command).orThrow().stdout().strip();
    }
}
