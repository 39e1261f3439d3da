package io.skerry.node;

import io.skerry.base.net.PassedSocket;
import io.skerry.fleet.conf.FleetConf;
import io.skerry.fleet.daemon.Fleetd;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.SystemdManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@link Fleetd} as a process of its own: SIGHUP reloads it, and when it is stopped for good it
 * hands its units over first.
 */
public final class FleetServer
        implements ServerProcess.Reloadable, ServerProcess.HandingOver, AutoCloseable {
    private final Fleetd fleetd;
    private final SystemdManager systemd;

    private FleetServer(Fleetd fleetd, SystemdManager systemd) {
        this.fleetd = fleetd;
        this.systemd = systemd;
    }

    /**
     * Returns when it serves; the store need not be there.
     *
     * @param systemd is closed in the end, also when this fails
     */
    public static FleetServer start(
            FleetConf conf,
            Fleetd.Source source,
            String version,
            SystemdManager systemd,
            List<PassedSocket> passed)
            throws IOException, SystemdException {
        try {
            return new FleetServer(Fleetd.start(conf, source, version, systemd, passed), systemd);
        } catch (IOException | SystemdException | RuntimeException e) {
            systemd.close();
            throw e;
        }
    }

    @Override
    public void reload() throws IOException, SystemdException {
        fleetd.reload();
    }

    @Override
    public Duration handover() {
        return fleetd.handover();
    }

    @Override
    public void close() {
        try (systemd) {
            if (OwnUnit.isStoppedForGood()) {
                fleetd.leave(Node.LEAVE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fleetd.close();
        }
    }
}
