package io.skerry.fleet.api;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.fleet.model.MachineState;
import java.time.Duration;

/** How the API of another host is reached. */
@FunctionalInterface
public interface Peers {
    /** A client of that host's API. */
    BlockingHttp clientOf(MachineState machine);

    /**
     * Reaches each host at its address over TLS.
     *
     * @param identity this node's client certificate and the cluster's authority
     */
    static Peers overTls(int port, TlsFiles identity, Duration timeout) {
        return machine ->
                new BlockingHttp(
                        new ListenUrl.Tcp(machine.publicIp(), port, true), identity, timeout);
    }
}
