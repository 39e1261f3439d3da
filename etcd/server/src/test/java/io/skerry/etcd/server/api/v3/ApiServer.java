package io.skerry.etcd.server.api.v3;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.time.MonotonicClock;
import io.skerry.etcd.server.auth.token.SimpleTokens;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.RequestLimits;
import io.skerry.etcd.server.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The API over one store on a port, to be tried with etcdctl. Arguments: port, directory. */
final class ApiServer implements AutoCloseable {
    private final EtcdStateMachine store;
    private final SingleNodeLog log;
    private final EtcdApi api;
    private final GrpcRouter router = new GrpcRouter();

    ApiServer(Path directory) throws IOException {
        store = EtcdStateMachine.open(directory.resolve("store"), StoreOptions.DEFAULT);
        log = new SingleNodeLog(store);
        api =
                new EtcdApi(
                        store,
                        log,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10),
                        0,
                        new EtcdApi.Login(
                                new SimpleTokens(MonotonicClock.system(), Duration.ofMinutes(5)),
                                false,
                                4),
                        RequestLimits.DEFAULT);
        api.register(router);
        log.start();
    }

    GrpcRouter router() {
        return router;
    }

    EtcdStateMachine store() {
        return store;
    }

    @Override
    public void close() throws IOException {
        api.close();
        log.close();
        store.close();
    }

    public static void main(String[] arguments) throws Exception {
        var server = new ApiServer(Path.of(arguments[1]));
        var network = Network.start();
        var url = new ListenUrl.Tcp("127.0.0.1", Integer.parseInt(arguments[0]), false);
        var listener =
                HttpListener.start(
                        network, url, HttpListener.Options.of(null, null, server.router()));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            try {
                                listener.close();
                                server.close();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        }));
        Thread.currentThread().join();
    }
}
