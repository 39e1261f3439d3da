package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.BackendConfig;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.proxy.UdpProxy;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the udp backend's proxy running. Confined to the daemon's thread but for {@link #proxy}.
 */
final class UdpCarrier implements AutoCloseable {
    private final BackendConfig.Udp backend;
    private final Underlay underlay;
    private final Runnable wake;
    private volatile @Nullable UdpProxy proxy;
    private volatile boolean broken;

    /**
     * @param wake called when the proxy has ended by itself
     */
    UdpCarrier(BackendConfig.Udp backend, Underlay underlay, Runnable wake) {
        this.backend = backend;
        this.underlay = underlay;
        this.wake = wake;
    }

    /** Null while none runs. */
    @Nullable UdpProxy proxy() {
        return proxy;
    }

    boolean isBroken() {
        return broken;
    }

    /** Carries packets to those hosts. */
    void carry(List<Peer> peers) throws IOException {
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
                            Plan.deviceName(backend, Family.IPV4).orElseThrow(),
                            (Ip4) underlay.address().address(),
                            backend.port(),
                            () -> {
                                broken = true;
                                wake.run();
                            });
            proxy = running;
        }
        var hosts = new HashMap<Cidr4, Ip4>();
        for (Peer peer : peers) {
            if (peer.backendType().equals(backend.type())
                    && peer.subnet() instanceof Cidr4 subnet
                    && peer.publicIp() instanceof Ip4 host) {
                hosts.put(subnet, host);
            }
        }
        running.forward(hosts);
    }

    @Override
    public void close() {
        UdpProxy running = proxy;
        if (running != null) {
            running.close();
        }
    }
}
