package io.skerry.containers.run;

import java.nio.file.Path;

/** Where a host keeps what belongs to containers. Unit files name some of it, so it is fixed. */
public final class HostPaths {
    /** Everything here is gone after a reboot, as the containers are. */
    public static final Path RUN = Path.of("/run/skerry");

    /** Where units ask the node to prepare and to clear away. */
    public static final Path SOCKET = RUN.resolve("containers.sock");

    static final Path RUNC_STATE = RUN.resolve("runc");
    static final Path BUNDLES = RUN.resolve("containers");
    static final Path NETWORK_NAMESPACES = Path.of("/run/netns");

    private HostPaths() {}

    /** A container's folder: {@code config.json}, {@code pid}, {@code rootfs}. */
    static Path bundle(ContainerName container) {
        return BUNDLES.resolve(container.value());
    }
}
