package io.skerry.node.playground;

import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.Endpoints;
import io.skerry.testbed.hosts.PlaygroundName;
import java.io.IOException;

/** Where fleet's API of a playground is, for commands that were not told. */
public final class PlaygroundApi implements EndpointSource {
    private final String playground;

    /** For the playground of that name, which is looked for when a command needs it. */
    public PlaygroundApi(String playground) {
        this.playground = playground;
    }

    @Override
    public Endpoints find() throws IOException {
        Session session;
        try {
            session = Session.of(new PlaygroundName(playground));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        var access = ClusterAccess.of(session.existing());
        return new Endpoints(access.fleetAddresses(), access.tls());
    }
}
