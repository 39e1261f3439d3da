package io.skerry.fleet.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.Log;
import io.skerry.fleet.agent.Fence;
import io.skerry.fleet.agent.Testimony;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches the age of the last renewal and closes the fence when it has to be. Sleeps until that age
 * could matter, so that it costs nothing while renewals are answered.
 *
 * <p>The time of the last renewal is kept in a file that does not survive a reboot, since a process
 * that is started on a host that is cut off must know how long that has been so. It is told by the
 * kernel's monotonic clock, which all processes of one boot share.
 */
final class FenceGuard implements AutoCloseable {
    private static final Log LOG = Log.of(FenceGuard.class);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(250);
    private static final Duration IDLE = Duration.ofSeconds(1);

    /**
     * Whoever sleeps so much longer than planned was stopped meanwhile; less is what waiting for a
     * busy processor may take.
     */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Fence fence;
    private final LastKnown known;
    private final Witnesses witnesses;
    private final Testimony testimony = new Testimony();
    private final Path file;
    private final Runnable close;
    private final Thread thread;
    private volatile long renewedNanos;
    private volatile boolean everRenewed;
    private long awakeSinceNanos = System.nanoTime();

    /**
     * Starts to watch.
     *
     * @param known whom to probe
     * @param witnesses whom to ask when the store refuses this host
     * @param file where the last renewal is kept
     * @param close called again and again while the fence has to be closed
     */
    FenceGuard(Fence fence, LastKnown known, Witnesses witnesses, Path file, Runnable close) {
        this.fence = fence;
        this.known = known;
        this.witnesses = witnesses;
        this.file = file;
        this.close = close;
        recall();
        this.thread = Thread.ofVirtual().name("fleet-fence").start(this::run);
    }

    /** A renewal that was sent that long ago was answered. */
    void renewed(Duration ago) {
        renewedNanos = System.nanoTime() - ago.toNanos();
        everRenewed = true;
        try {
            WholeFile.replace(file, Long.toString(renewedNanos), FileMode.PUBLIC);
        } catch (IOException e) {
            LOG.warn("cannot keep the time of the last renewal", "file", file, "cause", e);
        }
    }

    private void recall() {
        try {
            if (Files.exists(file)) {
                renewedNanos = Long.parseLong(Files.readString(file).strip());
                everRenewed = System.nanoTime() - renewedNanos >= 0;
            }
        } catch (IOException | NumberFormatException e) {
            LOG.warn("cannot read the time of the last renewal", "file", file, "cause", e);
        }
    }

    private void run() {
        try {
            while (true) {
                try {
                    watch();
                } catch (RuntimeException e) {
                    // A bug must not leave the host without a fence from then on.
                    LOG.error("watching the last renewal failed, goes on", e);
                    sleep(BETWEEN_PROBES);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void watch() throws InterruptedException {
        Duration age = Duration.ofNanos(System.nanoTime() - renewedNanos);
        if (!everRenewed) {
            // Nothing of this boot was ever placed here, so nothing can run elsewhere.
            sleep(IDLE);
        } else if (age.compareTo(fence.probeAfter()) < 0) {
            forget();
            sleep(fence.probeAfter().minus(age));
        } else {
            probe();
            sleep(BETWEEN_PROBES);
        }
    }

    private void probe() throws InterruptedException {
        List<URI> members = known.members();
        StoreProbe.Seen seen = StoreProbe.look(members);
        int unreachable = seen.silent();
        if (refusesOnlyUs(seen, members.size())) {
            // While others were asked, the store may have come back for us, too.
            seen = StoreProbe.look(members);
            unreachable = seen.silent() + seen.refusing();
        }
        long now = System.nanoTime();
        Duration age = Duration.ofNanos(now - renewedNanos);
        Duration awake = Duration.ofNanos(now - awakeSinceNanos);
        if (fence.closed(age, awake, members.size(), unreachable)) {
            close.run();
        }
    }

    private boolean refusesOnlyUs(StoreProbe.Seen seen, int members) throws InterruptedException {
        boolean doubtful =
                !Fence.isMajority(seen.silent(), members)
                        && Fence.isMajority(seen.silent() + seen.refusing(), members);
        if (!doubtful) {
            forget();
            return false;
        }
        Testimony.Answer answer = witnesses.askWhetherTheStoreAnswersThem();
        Duration now = Duration.ofNanos(System.nanoTime());
        testimony.heard(now, answer);
        return testimony.holds(now, fence.margin());
    }

    private void forget() {
        testimony.forget();
        witnesses.forget();
    }

    private void sleep(Duration planned) throws InterruptedException {
        long before = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(planned.toNanos());
        long after = System.nanoTime();
        if (after - before > planned.plus(PAUSE).toNanos()) {
            awakeSinceNanos = after;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
