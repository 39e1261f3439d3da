package io.skerry.containers.run;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Containerd;
import io.skerry.containers.containerd.StoredImage;
import io.skerry.containers.image.ImageConfig;
import io.skerry.containers.image.Images;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Prepares and clears the containers of this host. Thread-safe: each container has a lock of its
 * own, which is held while it is prepared or cleared.
 */
public final class Containers {
    private static final Log LOG = Log.of(Containers.class);
    private static final Duration UNPLUG = Duration.ofSeconds(60);

    private final HostContainerd host;
    private final HostSubnet subnet;
    private final ContainerNetwork network;
    private final Map<ContainerName, ReentrantLock> locks = new ConcurrentHashMap<>();

    public Containers(HostContainerd host, HostSubnet subnet) {
        this.host = host;
        this.subnet = subnet;
        this.network = new ContainerNetwork(subnet);
    }

    /** From now on containers get other addresses when the host gets another subnet. */
    public void followSubnet() {
        subnet.onChange(() -> {
            try {
                network.renumber();
            } catch (ContainerException | IOException e) {
                LOG.warn("containers keep addresses of a subnet that the host has lost", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** What systemd says of a unit that is about to start. */
    private record Unit(UnitName name, Path file, String controlGroup) {}

    /**
     * Makes everything that runc needs to start a unit's container: its root, network and bundle.
     *
     * @throws ContainerException when the unit asks for what cannot be; nothing is left then
     */
    public void prepare(String unitName)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        ContainerName name = container(unitName);
        Unit unit = ask(name);
        ContainerSpec spec = ContainerSpec.of(unit.name(), read(unit));
        Bundle bundle = new Bundle(name);
        // Without the lock: a unit that is stopped meanwhile is cleared at once.
        subnet.await(HostSubnet.PATIENCE);
        ReentrantLock lock = lock(name);
        lock.lock();
        try {
            clear(bundle); // what a crash may have left
            boolean prepared = false;
            try {
                prepare(bundle, spec, unit.controlGroup());
                prepared = true;
            } finally {
                if (!prepared) {
                    clear(bundle);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(ContainerName name) {
        return locks.computeIfAbsent(name, any -> new ReentrantLock());
    }

    private void prepare(Bundle bundle, ContainerSpec spec, String controlGroup)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        Containerd containerd = host.client();
        ImageConfig image = image(containerd, spec);
        ContainerName name = bundle.name();
        var labels =
                Map.of(
                        HostContainerd.OF_CONTAINER,
                        name.value(),
                        "containerd.io/gc.root",
                        Instant.now().toString());
        bundle.make();
        bundle.writeControlGroup(controlGroup);
        bundle.mountRoot(containerd.prepare(name.value(), image.chain(), labels));
        String address = network.connect(bundle, spec.ports());
        bundle.writeEtc(address);
        for (Volume volume : spec.volumes()) {
            if (!Files.exists(volume.host())) {
                Files.createDirectories(volume.host());
            }
        }
        var user =
                new Users(bundle.root()).find(spec.user().isEmpty() ? image.user() : spec.user());
        var config =
                new RuntimeConfig(
                        name,
                        spec,
                        image,
                        user,
                        bundle.folder(),
                        controlGroup + "/container",
                        ContainerNetwork.namespaceFile(name));
        bundle.writeConfig(config.json());
    }

    private static ImageConfig image(Containerd containerd, ContainerSpec spec)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        Optional<ImageConfig> image = new Images(containerd).config(spec.image());
        if (image.isPresent()) {
            return image.get();
        }
        String there =
                containerd.images().stream()
                        .map(StoredImage::name)
                        .sorted()
                        .collect(Collectors.joining(", "));
        throw new ContainerException(
                "this host has no image "
                        + spec.image()
                        + (there.isEmpty() ? " nor any other" : "; it has " + there)
                        + ". Import it with \"skerry images import\"");
    }

    private static ContainerName container(String unit) throws ContainerException {
        try {
            return ContainerName.ofUnit(unit);
        } catch (IllegalArgumentException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Unit ask(ContainerName name)
            throws ContainerException, IOException, InterruptedException {
        var properties = new HashMap<String, String>();
        Command.of("systemctl", "show", "-p", "FragmentPath,ControlGroup", "--", name.unit())
                .check()
                .stdout()
                .lines()
                .map(line -> line.split("=", 2))
                .forEach(pair -> properties.put(pair[0], pair[1]));
        String file = properties.getOrDefault("FragmentPath", "");
        String group = properties.getOrDefault("ControlGroup", "");
        if (file.isEmpty() || group.isEmpty()) {
            throw new ContainerException(
                    "unit " + name.unit() + " is not being started on this host");
        }
        return new Unit(new UnitName(name.unit()), Path.of(file), group);
    }

    private static UnitFile read(Unit unit) throws ContainerException, IOException {
        try {
            return UnitFile.parse(unit.name().value(), Files.readAllBytes(unit.file()));
        } catch (UnitFileException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Somebody is about to listen at a port of TCP.
     *
     * @throws ContainerException when the port leads to a container, and nobody would come there
     */
    public void claim(String port) throws ContainerException, IOException {
        network.refuseLeading(List.of(PublishedPort.parse(port + ":" + port)));
    }

    /** Takes back everything that was prepared for a unit, however far it had come. */
    public void clear(String unitName)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        ContainerName name = container(unitName);
        ReentrantLock lock = lock(name);
        lock.lock();
        try {
            clear(new Bundle(name));
        } finally {
            lock.unlock();
        }
    }

    private void clear(Bundle bundle)
            throws ContainerException, GrpcException, IOException, InterruptedException {
        if (!bundle.exists()) {
            return;
        }
        if (Files.exists(HostPaths.RUNC_STATE.resolve(bundle.name().runtimeId()))) {
            Command.of(
                            "runc",
                            "--root",
                            HostPaths.RUNC_STATE.toString(),
                            "delete",
                            "--force",
                            bundle.name().runtimeId())
                    .timeout(UNPLUG)
                    .check();
        }
        bundle.removeControlGroups();
        network.disconnect(bundle);
        bundle.unmountRoot();
        host.client().remove(bundle.name().value());
        // Last, since what is left of a container without a folder is found by nobody.
        bundle.remove();
    }

    /** Clears containers whose units do not run any more, as after a crash of this program. */
    public void clearDead() throws IOException, InterruptedException {
        for (Bundle bundle : Bundle.all()) {
            ReentrantLock lock = lock(bundle.name());
            lock.lock();
            try {
                clearIfDead(bundle);
            } finally {
                lock.unlock();
            }
        }
    }

    private void clearIfDead(Bundle bundle) throws IOException, InterruptedException {
        String state =
                Command.of("systemctl", "is-active", "--", bundle.name().unit())
                        .run()
                        .stdout()
                        .strip();
        if (!state.equals("inactive") && !state.equals("failed")) {
            return;
        }
        try {
            LOG.info("clearing a container that has ended", "container", bundle.name());
            clear(bundle);
        } catch (ContainerException | GrpcException | IOException e) {
            LOG.warn("a container could not be cleared", "container", bundle.name(), e);
        }
    }

    /**
     * A container of this host.
     *
     * @param address of its own; empty while it is being prepared
     */
    public record Running(ContainerName name, String address, List<PublishedPort> ports) {}

    /** Those that are prepared or run, in no particular order. */
    public List<Running> list() throws ContainerException, IOException {
        var running = new ArrayList<Running>();
        for (Bundle bundle : Bundle.all()) {
            running.add(new Running(bundle.name(), bundle.address().orElse(""), bundle.ports()));
        }
        return running;
    }

    /** The words that run a command in a container; its output and exit code are the command's. */
    public List<String> execWords(ContainerName name, List<String> command, boolean terminal)
            throws ContainerException {
        if (!Files.exists(HostPaths.RUNC_STATE.resolve(name.runtimeId()))) {
            throw new ContainerException("container " + name + " does not run on this host");
        }
        var words =
                new ArrayList<>(List.of("runc", "--root", HostPaths.RUNC_STATE.toString(), "exec"));
        if (terminal) {
            words.add("--tty");
        }
        words.add(name.runtimeId());
        words.addAll(command);
        return words;
    }
}
