package io.skerry.node.playground;

import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.Endpoints;
import io.skerry.testbed.hosts.PlaygroundName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds fleet's API for commands that were not told where it is: in the playground of that name, or
 * at the socket of the host on which the command runs.
 */
public final class PlaygroundEndpoints implements EndpointSource {
    private static final Path LOCAL_SOCKET = Path.of("/run/fleet.sock");

    private final Session session;

    /**
     * @param playground value of the global flag
     * @throws IllegalArgumentException if it cannot be a name
     */
    public PlaygroundEndpoints(String playground) {
        this.session = new Session(new PlaygroundName(playground));
    }

    @Override
    public Endpoints find() throws IOException {
        boolean here = session.meansThisMachine() && Files.exists(LOCAL_SOCKET);
        if (here && !session.hasFiles()) {
            return LOCAL.find();
        }
        ClusterAccess access = session.access();
        return new Endpoints(access.fleetAddresses(), access.tls());
    }
}
