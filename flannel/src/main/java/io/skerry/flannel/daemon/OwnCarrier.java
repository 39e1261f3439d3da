package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.proxy.HostTable;
import io.skerry.flannel.proxy.UdpProxy;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Carries packets within this program. */
final class OwnCarrier implements PacketCarrier {
    private final String device;
    private final Ip4 local;
    private final int port;
    private final Runnable wake;
    private volatile @Nullable UdpProxy proxy;
    private volatile boolean broken;

    /**
     * @param wake called when the proxy has ended by itself
     */
    OwnCarrier(String device, Ip4 local, int port, Runnable wake) {
        this.device = device;
        this.local = local;
        this.port = port;
        this.wake = wake;
    }

    @Override
    public void carry(HostTable hosts) throws IOException {
        UdpProxy running = proxy;
        if (running != null && broken) {
            running.close();
            running = null;
            proxy = null; // if opening fails below, the next look tries again
        }
        if (running == null) {
            broken = false;
            running =
                    UdpProxy.open(
                            device,
                            local,
                            port,
                            () -> {
                                broken = true;
                                wake.run();
                            });
            proxy = running;
        }
        running.forward(hosts.hosts());
    }

    @Override
    public Counts counts() {
        UdpProxy running = proxy;
        return running == null
                ? new Counts(0, 0, 0)
                : new Counts(running.sent(), running.received(), running.dropped());
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public boolean endsWithProgram() {
        return true;
    }

    @Override
    public void leave() {
        UdpProxy running = proxy;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void end() {
        leave();
    }
}
