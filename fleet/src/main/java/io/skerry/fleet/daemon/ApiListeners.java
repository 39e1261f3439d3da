package io.skerry.fleet.daemon;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.net.PassedSocket;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a host serves fleet's API. The listeners outlive a {@link FleetDaemon}: another one that
 * takes its place serves at the same sockets, and no client is refused meanwhile. Not thread-safe.
 */
public final class ApiListeners implements AutoCloseable {
    /**
     * An address to listen at.
     *
     * @param tls for https, null for others
     */
    public record Address(ListenUrl url, @Nullable TlsFiles tls) {}

    private final Network network;
    private final List<Address> addresses;
    private final List<PassedSocket> passed;
    private final @Nullable GrpcRouter services;
    private final List<HttpListener> open = new ArrayList<>();

    /**
     * Nothing is served yet.
     *
     * @param network whose event loops serve
     * @param addresses to listen at
     * @param passed sockets that the service manager opened, which are served in clear text
     */
    public ApiListeners(Network network, List<Address> addresses, List<PassedSocket> passed) {
        this(network, addresses, passed, null);
    }

    /**
     * As the other one, with more to serve.
     *
     * @param services what is served at the same addresses beside the API; null for nothing
     */
    public ApiListeners(
            Network network,
            List<Address> addresses,
            List<PassedSocket> passed,
            @Nullable GrpcRouter services) {
        this.network = network;
        this.services = services;
        this.addresses = List.copyOf(addresses);
        this.passed = List.copyOf(passed);
    }

    /**
     * Serves these routes from now on, instead of those before.
     *
     * @throws IOException when an address cannot be used; nothing is served then
     */
    public void serve(HttpRouter routes) throws IOException {
        if (!open.isEmpty()) {
            open.forEach(listener -> listener.serve(routes));
            return;
        }
        try {
            for (PassedSocket socket : passed) {
                open.add(HttpListener.adopt(network, socket, options(null, routes)));
            }
            for (Address address : addresses) {
                if (address.url() instanceof ListenUrl.Unix(Path path)) {
                    createFolder(path.toAbsolutePath().getParent());
                }
                open.add(
                        HttpListener.start(network, address.url(), options(address.tls(), routes)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static void createFolder(@Nullable Path folder) throws IOException {
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    private HttpListener.Options options(@Nullable TlsFiles tls, HttpRouter routes) {
        GrpcRouter more = services;
        return more == null
                ? HttpListener.Options.of(tls, routes)
                : HttpListener.Options.of(tls, routes, more);
    }

    @Override
    public void close() {
        open.reversed().forEach(HttpListener::close);
        open.clear();
    }
}
