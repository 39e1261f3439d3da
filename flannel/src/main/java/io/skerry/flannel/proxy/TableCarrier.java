package io.skerry.flannel.proxy;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.flannel.address.Ip4;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries packets for a process of its own, which outlives the one that knows the leases: where
 * subnets are is read from a file, and again whenever that is replaced. A device that is deleted
 * and made again is attached to anew. One platform thread beside the proxy's.
 */
public final class TableCarrier implements AutoCloseable {
    private static final Log LOG = Log.of(TableCarrier.class);
    private static final long RETRY_MILLIS = 100;

    private final String device;
    private final Attaching attaching;
    private final Path table;
    private final WatchService watch;
    private final Semaphore attached = new Semaphore(0);
    private volatile boolean broken;

    // Confined to the thread.
    private boolean known;
    private @Nullable UdpProxy proxy;

    /** Null until it could be read once. */
    private @Nullable HostTable hosts;

    /** How a proxy begins, which tells when the device is gone. */
    @FunctionalInterface
    interface Attaching {
        UdpProxy open(Runnable broken) throws IOException;
    }

    private TableCarrier(String device, Attaching attaching, Path table) throws IOException {
        this.device = device;
        this.attaching = attaching;
        this.table = table.toAbsolutePath();
        this.watch = this.table.getFileSystem().newWatchService();
        this.table
                .resolveSibling(".")
                .register(
                        watch,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY);
    }

    /** Begins; returns when it carries. */
    public static TableCarrier start(String device, Ip4 local, int port, Path table)
            throws IOException, InterruptedException {
        return start(device, broken -> UdpProxy.open(device, local, port, broken), table);
    }

    static TableCarrier start(String device, Attaching attaching, Path table)
            throws IOException, InterruptedException {
        var carrier = new TableCarrier(device, attaching, table);
        Thread.ofPlatform().name("flannel-carrier").start(carrier::run);
        carrier.attached.acquire();
        return carrier;
    }

    private void run() {
        try {
            SteadyLoop.run("carrier", this::turn);
        } finally {
            release();
        }
    }

    private boolean turn() throws InterruptedException {
        try {
            if (!known) {
                read();
                known = true;
            }
            attach();
            WatchKey news = watch.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            if (news != null) {
                known = false;
                news.pollEvents();
                news.reset();
            }
            return true;
        } catch (ClosedWatchServiceException e) {
            return false;
        }
    }

    private void read() {
        try {
            HostTable read = HostTable.parse(Files.readString(table));
            if (!read.equals(hosts)) {
                LOG.info("hosts are", "count", read.hosts().size());
            }
            hosts = read;
        } catch (NoSuchFileException e) {
            LOG.debug("no table of hosts yet", "file", table);
        } catch (IOException e) {
            LOG.warn("table of hosts cannot be read", "file", table, "why", e.getMessage());
        }
        UdpProxy running = proxy;
        if (running != null) {
            forward(running);
        }
    }

    private void forward(UdpProxy to) {
        HostTable last = hosts;
        if (last != null) {
            to.forward(last.hosts());
        }
    }

    private void attach() {
        if (proxy != null && !broken) {
            return;
        }
        release();
        broken = false;
        try {
            // It is others' to make: to attach to one that is not there would make it.
            if (NetworkInterface.getByName(device) == null) {
                return;
            }
            UdpProxy opened = attaching.open(() -> broken = true);
            forward(opened);
            proxy = opened;
            attached.release();
            LOG.info("carrying", "device", device);
        } catch (IOException e) {
            LOG.debug("cannot carry yet", "why", e.getMessage());
        }
    }

    private void release() {
        UdpProxy running = proxy;
        proxy = null;
        if (running != null) {
            running.close();
        }
    }

    /** Ends soon: the thread sees it at its next wait. */
    @Override
    public void close() throws IOException {
        watch.close();
    }
}
