package io.skerry.containers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostSubnetTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void containersOfAnOverlayWaitUntilItHasGivenTheHostItsSubnet(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("flannel/subnet.env");
        try (var subnet = HostSubnet.follow(file, () -> true)) {
            assertThat(subnet.told()).isEmpty();
            subnet.onChange(() -> {});

            write(file, "10.77.5.1/24");

            subnet.await(SOON);
            assertThat(subnet.now().cidr()).isEqualTo("10.77.5.0/24");
        }
    }

    @Test
    void whoWaitsTooLongIsToldWhichFileIsMissing(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("subnet.env");
        try (var subnet = HostSubnet.follow(file, () -> true)) {
            assertThatThrownBy(() -> subnet.await(Duration.ofMillis(1)))
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContainingAll("has not given this host a subnet", file.toString());
        }
    }

    @Test
    void hostWithoutAnOverlayHasItsOwnUntilAnotherProgramTellsOne(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("subnet.env");
        var seen = new LinkedBlockingQueue<Subnet>();
        try (var subnet = HostSubnet.follow(file, () -> false)) {
            subnet.await(Duration.ZERO);
            subnet.onChange(() -> seen.add(subnet.now()));
            assertThat(next(seen)).isEqualTo(Subnet.OWN);

            write(file, "10.77.5.1/24");
            assertThat(next(seen).gateway()).isEqualTo("10.77.5.1");
            Files.writeString(file, "senseless");
            write(file, "10.77.6.1/30");
            assertThat(next(seen).gateway()).isEqualTo("10.77.6.1");
        }
    }

    private static Subnet next(LinkedBlockingQueue<Subnet> seen) throws InterruptedException {
        return Optional.ofNullable(seen.poll(SOON.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("no news of the subnet"));
    }

    /** As flannel does: nobody ever reads a part of it. */
    private static void write(Path file, String subnet) throws IOException {
        Path whole = file.resolveSibling("new");
        Files.writeString(whole, "FLANNEL_NETWORK=10.77.0.0/16\nFLANNEL_SUBNET=" + subnet + "\n");
        Files.move(
                whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
