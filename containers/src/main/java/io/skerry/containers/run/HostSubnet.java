package io.skerry.containers.run;

import io.skerry.base.log.Log;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The subnet of this host's containers as flannel tells it in a file, which is followed by a thread
 * of its own. Without the file it is {@link Subnet#OWN}, unless there is an overlay network that is
 * about to tell one.
 *
 * <p>Thread-safe: {@code lock} guards what is known.
 */
public final class HostSubnet implements AutoCloseable {
    /** Where flannel writes it unless it is told otherwise. */
    public static final Path USUAL_FILE = Path.of("/run/flannel/subnet.env");

    /** Less than curl waits for a container that is prepared. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Log LOG = Log.of(HostSubnet.class);

    private final Path file;
    private final WatchService watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Overlay overlay;
    private Optional<Subnet> known = Optional.empty(); // guarded by lock

    /** Knows of the overlay network. */
    @FunctionalInterface
    public interface Overlay {
        /** Whether there is one that this host takes part in, as far as can be told now. */
        boolean isConfigured() throws InterruptedException;
    }

    private HostSubnet(Path file, Overlay overlay, WatchService watch) {
        this.file = file;
        this.overlay = overlay;
        this.watch = watch;
    }

    /**
     * Follows a file, which need not be there yet.
     *
     * @param overlay asked while there is no file
     */
    public static HostSubnet follow(Path file, Overlay overlay) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("the file of the subnet cannot be " + file);
        }
        Files.createDirectories(folder);
        WatchService watch = folder.getFileSystem().newWatchService();
        folder.register(
                watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        var subnet = new HostSubnet(file, overlay, watch);
        subnet.look();
        return subnet;
    }

    /** Calls back now and after each change, in a thread of its own, until it is closed. */
    void onChange(Runnable changed) {
        Thread.ofVirtual()
                .name("containers-subnet")
                .start(() -> {
                    changed.run();
                    try {
                        for (var key = watch.take(); ; key = watch.take()) {
                            key.pollEvents(); // whatever it was, the file tells
                            key.reset();
                            if (look()) {
                                changed.run();
                            }
                        }
                    } catch (ClosedWatchServiceException e) {
                        LOG.debug("the host's subnet is not followed any more");
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** Reads the file; whether it tells something new. What cannot be read changes nothing. */
    private boolean look() {
        try {
            var read = Subnet.ofFlannel(file, variables());
            lock.lock();
            try {
                boolean changed = !known.equals(Optional.of(read));
                known = Optional.of(read);
                news.signalAll();
                return changed;
            } finally {
                lock.unlock();
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.warn("the host's subnet cannot be read", e);
            return false;
        }
    }

    private Map<String, String> variables() throws IOException {
        var variables = new HashMap<String, String>();
        for (String line : Files.readAllLines(file)) {
            String[] pair = line.split("=", 2);
            if (pair.length == 2) {
                variables.put(pair[0].strip(), pair[1].strip());
            }
        }
        return variables;
    }

    /** What new containers get. */
    Subnet now() {
        return told().orElse(Subnet.OWN);
    }

    /** What the file has told; empty: nothing so far. */
    Optional<Subnet> told() {
        lock.lock();
        try {
            return known;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it is known, if there is an overlay network.
     *
     * @throws ContainerException when that takes too long
     */
    void await(Duration limit) throws ContainerException, InterruptedException {
        if (told().isPresent() || !overlay.isConfigured()) {
            return;
        }
        long left = limit.toNanos();
        lock.lock();
        try {
            while (known.isEmpty()) {
                if (left <= 0) {
                    throw new ContainerException(
                            "the overlay network has not given this host a subnet within "
                                    + TimeUnit.NANOSECONDS.toSeconds(limit.toNanos())
                                    + " s ("
                                    + file
                                    + " is missing), so the container can have no address; \"skerry"
                                    + " net status\" and the log of the node tell why");
                }
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
