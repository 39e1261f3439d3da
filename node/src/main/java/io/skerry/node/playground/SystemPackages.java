package io.skerry.node.playground;

import io.skerry.base.process.Command;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The programs of the operating system that virtual hosts need, and the packages they are in. */
final class SystemPackages {
    /**
     * @param file name of a program on the usual paths, or an absolute path
     */
    record Need(String file, String debianPackage, String why) {}

    private static final List<Need> NEEDS =
            List.of(
                    new Need("/lib/systemd/systemd", "systemd", "runs as PID 1 of every host"),
                    new Need("dbus-daemon", "dbus", "carries what we ask of a host's systemd"),
                    new Need("ip", "iproute2", "makes the hosts' network"),
                    new Need("nft", "nftables", "cuts hosts off for \"host isolate\""),
                    new Need("unshare", "util-linux", "gives a host its namespaces"),
                    new Need("nsenter", "util-linux", "runs commands inside a host"),
                    new Need("setsid", "util-linux", "keeps hosts apart from your terminal"),
                    new Need("mount", "mount", "makes the hosts' file systems"),
                    new Need("containerd", "containerd", "keeps the images of containers"),
                    new Need("runc", "runc", "starts containers"),
                    new Need("busybox", "busybox-static", "makes the image busybox"),
                    new Need("curl", "curl", "lets units ask the node for their containers"));

    private static final List<String> PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private SystemPackages() {}

    /** What is missing on a machine that has the files the predicate accepts. */
    static List<Need> missing(Predicate<Path> exists) {
        var missing = new ArrayList<Need>();
        for (Need need : NEEDS) {
            boolean there =
                    need.file().startsWith("/")
                            ? exists.test(Path.of(need.file()))
                            : PATH.stream().anyMatch(dir -> exists.test(Path.of(dir, need.file())));
            if (!there) {
                missing.add(need);
            }
        }
        return missing;
    }

    /** The packages with their reasons, e.g. {@code dbus (carries …)}. */
    static String listed(List<Need> missing) {
        return missing.stream()
                .map(need -> need.debianPackage() + " (" + need.file() + " " + need.why() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Installs what is missing, telling first what and why, or refuses naming it. */
    static void ensure(boolean mayInstall, Progress progress)
            throws IOException, InterruptedException {
        List<Need> missing = missing(Files::exists);
        if (missing.isEmpty()) {
            return;
        }
        Set<String> packages =
                missing.stream()
                        .map(Need::debianPackage)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        String install = "apt-get install " + String.join(" ", packages);
        if (!mayInstall) {
            throw new PlaygroundException(
                    "these packages are missing: "
                            + listed(missing)
                            + "; install them with \""
                            + install
                            + "\", or leave out --no-install");
        }
        if (!Files.exists(Path.of("/usr/bin/apt-get"))) {
            throw new PlaygroundException(
                    "these programs are missing and there is no apt-get to install them: "
                            + listed(missing)
                            + "; install them with the package manager of this machine");
        }
        progress.note("Installing what is missing: " + listed(missing));
        progress.step("apt-get update");
        apt("update", "-qq");
        progress.step(install);
        var command = new ArrayList<>(List.of("install", "-y", "-qq", "--no-install-recommends"));
        command.addAll(packages);
        apt(command.toArray(String[]::new));
        List<Need> still = missing(Files::exists);
        if (!still.isEmpty()) {
            throw new PlaygroundException(
                    "apt-get installed the packages but there still is no " + listed(still));
        }
    }

    private static void apt(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("apt-get", "-o", "DPkg::Lock::Timeout=600"));
        command.addAll(List.of("-o", "Acquire::Retries=5"));
        command.addAll(List.of(arguments));
        Command.of(command)
                .environment("DEBIAN_FRONTEND", "noninteractive")
                .timeout(Duration.ofMinutes(15))
                .check();
    }
}
