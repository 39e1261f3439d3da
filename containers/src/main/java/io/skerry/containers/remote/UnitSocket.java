package io.skerry.containers.remote;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpHandler;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.Log;
import io.skerry.base.net.Network;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.Containers;
import io.skerry.containers.run.HostPaths;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Where the units of this host have their containers prepared and cleared away: a socket for root,
 * asked by curl in {@code ExecStartPre} and {@code ExecStopPost}. What goes wrong is one line in
 * the unit's log.
 */
public final class UnitSocket {
    private static final Log LOG = Log.of(UnitSocket.class);

    private UnitSocket() {}

    @FunctionalInterface
    private interface Action {
        void perform(String of)
                throws ContainerException, GrpcException, IOException, InterruptedException;
    }

    /** Listens until it is closed. */
    public static HttpListener open(Network network, Containers containers) throws IOException {
        Files.createDirectories(HostPaths.RUN);
        var router =
                new HttpRouter()
                        .route("POST", "/claim/{port}", handler("port", containers::claim))
                        .route("POST", "/prepare/{unit}", handler("unit", containers::prepare))
                        .route("POST", "/clear/{unit}", handler("unit", containers::clear));
        return HttpListener.start(
                network,
                new ListenUrl.Unix(HostPaths.SOCKET),
                HttpListener.Options.of(null, router));
    }

    private static HttpHandler handler(String parameter, Action action) {
        return call -> perform(call, call.parameter(parameter), action);
    }

    private static HttpReply perform(HttpCall call, String of, Action action)
            throws InterruptedException {
        try {
            action.perform(of);
            return HttpReply.empty(204);
        } catch (ContainerException e) {
            return HttpReply.text(409, e.getMessage() + "\n");
        } catch (GrpcException | IOException e) {
            LOG.warn("a container's unit was not served", "request", call.path(), e);
            return HttpReply.text(500, e.getMessage() + "\n");
        }
    }
}
