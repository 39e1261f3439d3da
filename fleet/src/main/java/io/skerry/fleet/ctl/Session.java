package io.skerry.fleet.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** One run of a command: where its words go, and the API, reached when it is first needed. */
final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final FleetCommand globals;
    private @Nullable Hosts hosts;
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

    ApiClient api() throws CtlException, IOException {
        if (api == null) {
            var endpoints = globals.endpoints(surroundings.endpoints());
            Debug debug =
                    globals.debug()
                            ? line -> surroundings.err().println("debug: " + line)
                            : l -> {};
            hosts = new Hosts(endpoints, globals.requestTimeout(), debug);
            api = new ApiClient(hosts);
        }
        return api;
    }

    @Override
    public void close() {
        if (hosts != null) {
            hosts.close();
        }
    }
}
