package io.skerry.containers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.containers.containerd.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OverlayMountTest {
    private static final String SNAPSHOTS =
            "/var/lib/skerry/containers/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";

    @Test
    void optionsOfAHundredLayersFitThePageThatTheKernelTakes() {
        String lower =
                IntStream.range(1000, 1100)
                        .mapToObj(layer -> SNAPSHOTS + "/" + layer + "/fs")
                        .collect(Collectors.joining(":"));
        var mount =
                new Mount(
                        "overlay",
                        "overlay",
                        List.of(
                                "workdir=" + SNAPSHOTS + "/7/work",
                                "upperdir=" + SNAPSHOTS + "/7/fs",
                                "lowerdir=" + lower));

        var command = OverlayMount.of(mount).at(Path.of("/run/root"));

        assertThat(command.directory()).isEqualTo(Path.of(SNAPSHOTS));
        assertThat(command.arguments())
                .startsWith("mount", "-t", "overlay", "-o")
                .endsWith("overlay", "/run/root");
        assertThat(command.arguments().get(4))
                .contains("lowerdir=1000/fs:1001/fs:", "upperdir=" + SNAPSHOTS + "/7/fs")
                .hasSizeLessThan(4096);
    }

    @Test
    void mountWithoutLayersStaysAsItIs() {
        var bind = new Mount("bind", SNAPSHOTS + "/7/fs", List.of("rw", "rbind"));

        assertThat(OverlayMount.of(bind)).isEqualTo(new OverlayMount(bind, Optional.empty()));
    }
}
