package io.skerry.containers.run;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.base.net.Network;
import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Containerd;
import io.skerry.containers.image.ImageBuilder;
import io.skerry.containers.image.ImageName;
import io.skerry.containers.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The containerd of this host that is ours: a unit of its own with its own data, beside any other
 * containerd. It is started when it is first needed, for it takes 40 MB; then it also gets the
 * images that come with Skerry. Thread-safe.
 */
public final class HostContainerd implements AutoCloseable {
    /** The unit it runs as. */
    public static final String UNIT = "skerry-containerd.service";

    private static final Log LOG = Log.of(HostContainerd.class);
    private static final Path UNIT_FILE = Path.of("/run/systemd/system", UNIT);
    private static final Path STATE = HostPaths.RUN.resolve("containerd");
    private static final Path SOCKET = STATE.resolve("containerd.sock");
    private static final Path CONFIG = STATE.resolve("config.toml");
    private static final Path PROGRAM = Path.of("/usr/bin/containerd");
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String NAMESPACE = "skerry";
    private static final Duration TO_CLEAR = Duration.ofMinutes(2);

    /** As long as systemd itself waits for a service. */
    private static final Duration TO_START = Duration.ofSeconds(90);

    /** Set on the snapshots of containers. */
    static final String OF_CONTAINER = "skerry.container";

    private final Network network;
    private final Path data;
    private final ReentrantLock starting = new ReentrantLock();
    private @Nullable Containerd client; // guarded by starting

    /**
     * @param data where images are kept; not on an overlay file system
     */
    public HostContainerd(Network network, Path data) {
        this.network = network;
        this.data = data;
    }

    /** Where large files may lie for a moment. */
    public Path scratch() {
        return data.resolve("scratch");
    }

    /** Removes what imports that a crash has cut off have left there; before the first one. */
    public void clearScratch() throws IOException, InterruptedException {
        Command.of("rm", "-rf", "--one-file-system", scratch().toString())
                .timeout(TO_CLEAR)
                .check();
    }

    /** A client of it; starts it unless it runs. */
    public Containerd client()
            throws ContainerException, GrpcException, IOException, InterruptedException {
        starting.lock();
        try {
            Containerd open = client;
            if (open == null) {
                open = start();
                client = open;
            } else if (!Files.exists(SOCKET)) {
                systemctl("start", UNIT);
            }
            return open;
        } finally {
            starting.unlock();
        }
    }

    private Containerd start()
            throws ContainerException, GrpcException, IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new ContainerException(
                    "this host has no containerd; install it: apt-get install containerd runc");
        }
        Files.createDirectories(STATE);
        Files.createDirectories(data);
        Files.writeString(CONFIG, config());
        if (!Files.exists(UNIT_FILE) || !Files.readString(UNIT_FILE).equals(unit())) {
            Files.createDirectories(Path.of("/run/systemd/system"));
            Files.writeString(UNIT_FILE, unit());
            systemctl("daemon-reload");
        }
        systemctl("start", UNIT);
        var opened = Containerd.at(network, SOCKET, NAMESPACE);
        boolean ready = false;
        try {
            opened.ensureNamespace();
            removeStrays(opened);
            new Seeds(new Images(opened)).ensure();
            ready = true;
            return opened;
        } finally {
            if (!ready) {
                opened.close();
            }
        }
    }

    /** File systems of containers that a crash or a reboot has left behind. */
    private static void removeStrays(Containerd containerd)
            throws GrpcException, InterruptedException {
        for (String key : containerd.snapshotsWith(OF_CONTAINER)) {
            if (!Files.exists(HostPaths.BUNDLES.resolve(key))) {
                LOG.info("removing what a container left behind", "container", key);
                containerd.remove(key);
            }
        }
    }

    private String config() {
        return """
        # Written by Skerry.
        version = 2
        root = "%s"
        state = "%s"
        disabled_plugins = [
          "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt",
          "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp",
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
        ]
        [grpc]
          address = "%s"
        """
                .formatted(data.resolve("containerd"), STATE, SOCKET);
    }

    private static String unit() {
        return """
        # Written by Skerry.
        [Unit]
        Description=containerd for Skerry's images
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        ExecStart=%s --config %s
        Restart=always
        RestartSec=1s
        """
                .formatted(PROGRAM, CONFIG);
    }

    private static void systemctl(String... words) throws IOException, InterruptedException {
        Command.of(Stream.concat(Stream.of("systemctl"), Stream.of(words)).toList())
                .timeout(TO_START)
                .check();
    }

    @Override
    public void close() {
        starting.lock();
        try {
            Containerd open = client;
            if (open != null) {
                open.close();
            }
        } finally {
            starting.unlock();
        }
    }

    /** The images that every host has: a shell with its tools, and one that only waits. */
    private final class Seeds {
        private static final String WAIT =
                "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

        private final Images images;

        Seeds(Images images) {
            this.images = images;
        }

        void ensure() throws GrpcException, IOException, InterruptedException {
            if (!Files.isExecutable(BUSYBOX)) {
                LOG.warn("no image busybox is made, since the host has no " + BUSYBOX);
                return;
            }
            ensure("busybox", List.of("sh"), true);
            ensure("pause", List.of("/bin/sh", "-c", WAIT), false);
        }

        private void ensure(String name, List<String> command, boolean tools)
                throws GrpcException, IOException, InterruptedException {
            var image = new ImageName(name);
            if (images.config(image).isPresent()) {
                return;
            }
            Files.createDirectories(scratch());
            Path folder = Files.createTempDirectory(scratch(), name);
            try {
                Path root = Files.createDirectories(folder.resolve("root"));
                BusyboxRoot.write(BUSYBOX, root, tools);
                Path archive = folder.resolve("archive.tar");
                new ImageBuilder(image, List.of(), List.of(), command).build(root, archive);
                var _ = images.importArchive(archive, Optional.empty(), scratch());
            } finally {
                Command.of("rm", "-rf", folder.toString()).check();
            }
        }
    }
}
