package io.skerry.fleet.api;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import io.skerry.fleet.model.MachineState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the API of another host is reached. */
@FunctionalInterface
public interface Peers {
    /** A client of that host's API. */
    BlockingHttp clientOf(MachineState machine) throws HttpError;

    /**
     * Reaches each host at its address.
     *
     * @param port at which all of them serve
     * @param identity this node's client certificate and the cluster's authority; null: in clear
     *     text
     */
    static Peers at(int port, @Nullable TlsFiles identity, Duration timeout) {
        return machine ->
                new BlockingHttp(
                        new ListenUrl.Tcp(machine.publicIp(), port, identity != null),
                        identity,
                        timeout);
    }

    /** For hosts that serve nothing to each other. */
    static Peers none() {
        return machine -> {
            throw new HttpError(
                    501,
                    "the unit is on "
                            + machine.publicIp()
                            + ", and this host cannot ask that one: hosts serve their API over TCP"
                            + " for that");
        };
    }
}
