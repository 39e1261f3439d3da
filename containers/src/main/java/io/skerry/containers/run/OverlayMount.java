package io.skerry.containers.run;

import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a snapshot is mounted by mount(8). The kernel takes one page of options, which the layers'
 * full paths fill from some forty layers on; relative to the folder that holds all of them there is
 * room for hundreds.
 *
 * @param folder where mount(8) has to run; empty: anywhere
 */
record OverlayMount(Mount mount, Optional<Path> folder) {
    private static final String LOWER = "lowerdir=";

    /** Shortens the paths of a mount that has some. */
    static OverlayMount of(Mount mount) {
        var folder =
                mount.options().stream()
                        .filter(option -> option.startsWith(LOWER))
                        .flatMap(option -> layers(option).stream())
                        .map(OverlayMount::holder)
                        .reduce(OverlayMount::common);
        if (folder.isEmpty() || folder.get().getNameCount() == 0) {
            return new OverlayMount(mount, Optional.empty());
        }
        var options =
                mount.options().stream().map(option -> shortened(option, folder.get())).toList();
        return new OverlayMount(new Mount(mount.type(), mount.source(), options), folder);
    }

    private static List<Path> layers(String option) {
        return Arrays.stream(option.substring(LOWER.length()).split(":", -1))
                .map(Path::of)
                .toList();
    }

    /** {@code /snapshots} of {@code /snapshots/7/fs}. */
    private static Path holder(Path layer) {
        Path snapshot = layer.getParent();
        Path holder = snapshot == null ? null : snapshot.getParent();
        return holder == null ? Path.of("/") : holder;
    }

    private static Path common(Path one, Path other) {
        return one.equals(other) ? one : Path.of("/");
    }

    private static String shortened(String option, Path folder) {
        return option.startsWith(LOWER)
                ? layers(option).stream()
                        .map(layer -> folder.relativize(layer).toString())
                        .collect(Collectors.joining(":", LOWER, ""))
                : option;
    }

    /** The command that mounts it. */
    Command at(Path target) {
        var words = new ArrayList<>(List.of("mount", "-t", mount.type()));
        if (!mount.options().isEmpty()) {
            words.addAll(List.of("-o", String.join(",", mount.options())));
        }
        words.addAll(List.of(mount.source(), target.toString()));
        var command = Command.of(words);
        return folder.map(command::directory).orElse(command);
    }
}
