package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Finds the API when the user has not said where it is. Asked at most once, and only then. */
@FunctionalInterface
public interface EndpointSource {
    /** The original's default: the socket of the host on which the command runs. */
    EndpointSource LOCAL =
            () -> new Endpoints(List.of(new ListenUrl.Unix(Path.of("/var/run/fleet.sock"))), null);

    /**
     * Where the API is.
     *
     * @throws IOException when there is no cluster to talk to; the message says what to do
     */
    Endpoints find() throws IOException;
}
