package io.skerry.etcd.server;

import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.api.v3.EtcdApi;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What etcd tells about itself over plain HTTP beside its API. */
final class StatusRoutes {
    private static final long HEALTH_SECONDS = 5;

    private StatusRoutes() {}

    static HttpRouter router(ReplicatedLog log, Metrics metrics) {
        return new HttpRouter()
                .route("GET", "/health", _ -> health(log))
                .route("GET", "/livez", _ -> HttpReply.text(200, "ok\n"))
                .route("GET", "/readyz", _ -> ready(log))
                .route("GET", "/healthz", _ -> ready(log))
                .route("GET", "/version", _ -> version())
                .route(
                        "GET",
                        "/metrics",
                        _ -> HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    /** Healthy is who can serve a linearizable read. */
    private static boolean reads(ReplicatedLog log) throws InterruptedException {
        try {
            log.readIndex().get(HEALTH_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static HttpReply health(ReplicatedLog log) throws InterruptedException {
        return reads(log)
                ? json(200, "{\"health\":\"true\"}")
                : json(503, "{\"health\":\"false\"}");
    }

    private static HttpReply ready(ReplicatedLog log) throws InterruptedException {
        return reads(log)
                ? HttpReply.text(200, "ok\n")
                : HttpReply.text(503, "not ready: no linearizable read is possible\n");
    }

    private static HttpReply version() {
        return json(
                200,
                "{\"etcdserver\":\""
                        + EtcdApi.VERSION
                        + "\",\"etcdcluster\":\""
                        + EtcdVersion.CLUSTER
                        + "\"}");
    }

    private static HttpReply json(int status, String text) {
        return HttpReply.json(status, text.getBytes(StandardCharsets.UTF_8));
    }
}
