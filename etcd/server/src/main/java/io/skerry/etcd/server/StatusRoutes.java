package io.skerry.etcd.server;

import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.api.v3.EtcdApi;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/** What etcd tells about itself over plain HTTP beside its API. */
final class StatusRoutes {
    private StatusRoutes() {}

    static HttpRouter router(IntSupplier clusterVersion, Metrics metrics) {
        return metrics(metrics).route("GET", "/version", _ -> version(clusterVersion.getAsInt()));
    }

    /** Metrics alone. */
    static HttpRouter metrics(Metrics metrics) {
        return new HttpRouter()
                .route(
                        "GET",
                        "/metrics",
                        _ -> HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    private static HttpReply version(int cluster) {
        return json(
                200,
                "{\"etcdserver\":\""
                        + EtcdApi.VERSION
                        + "\",\"etcdcluster\":\""
                        + (cluster == 0 ? "not_decided" : "3." + cluster + ".0")
                        + "\"}");
    }

    private static HttpReply json(int status, String text) {
        return HttpReply.json(status, text.getBytes(StandardCharsets.UTF_8));
    }
}
