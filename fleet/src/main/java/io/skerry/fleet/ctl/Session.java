package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a command: where its words go, and the API, reached when it is first needed. */
final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final FleetCommand globals;
    private @Nullable Hosts hosts;
    private @Nullable Tunnel tunnel;
    private @Nullable ApiClient api;

    Session(Surroundings surroundings, FleetCommand globals) {
        this.surroundings = surroundings;
        this.globals = globals;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    PrintWriter out() {
        return surroundings.out();
    }

    PrintWriter err() {
        return surroundings.err();
    }

    ApiClient api() throws CtlException, IOException, InterruptedException {
        if (api == null) {
            var endpoints = endpoints();
            Map<ListenUrl, Path> ways = tunnel == null ? Map.of() : tunnel.ways();
            Debug debug =
                    globals.debug()
                            ? line -> surroundings.err().println("debug: " + line)
                            : l -> {};
            hosts =
                    new Hosts(
                            endpoints,
                            ways,
                            globals.connectTimeout(),
                            globals.answerTimeout(),
                            debug);
            api = new ApiClient(hosts);
        }
        return api;
    }

    /** Through a tunnel the far host's own socket is meant, unless a flag says otherwise. */
    private Endpoints endpoints() throws CtlException, IOException, InterruptedException {
        Ssh ssh = globals.ssh();
        if (ssh.tunnel() == null) {
            return globals.endpoints(surroundings.endpoints());
        }
        var far = globals.endpoints(EndpointSource.LOCAL);
        tunnel = Tunnel.open(ssh, far.urls());
        return far;
    }

    /** How hosts are reached by ssh. */
    Ssh ssh() throws CtlException {
        return globals.ssh();
    }

    @Override
    public void close() {
        if (hosts != null) {
            hosts.close();
        }
        if (tunnel != null) {
            tunnel.close();
        }
    }
}
