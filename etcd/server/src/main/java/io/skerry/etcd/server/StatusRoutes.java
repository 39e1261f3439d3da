package io.skerry.etcd.server;

import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.api.v3.EtcdApi;
import java.nio.charset.StandardCharsets;

/** What etcd tells about itself over plain HTTP beside its API. */
final class StatusRoutes {
    private StatusRoutes() {}

    static HttpRouter router(Metrics metrics) {
        return new HttpRouter()
                .route("GET", "/version", _ -> version())
                .route(
                        "GET",
                        "/metrics",
                        _ -> HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
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
