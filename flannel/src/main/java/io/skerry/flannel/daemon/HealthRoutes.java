package io.skerry.flannel.daemon;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;

/** Whether this process lives, whether the host serves its subnet, and the metrics. */
public final class HealthRoutes {
    private final FlannelDaemon daemon;
    private final Metrics metrics;

    public HealthRoutes(FlannelDaemon daemon, Metrics metrics) {
        this.daemon = daemon;
        this.metrics = metrics;
    }

    /** A router with nothing else. */
    public HttpRouter router() {
        return new HttpRouter()
                .route("GET", "/healthz", call -> HttpReply.text(200, "ok\n"))
                .route("GET", "/readyz", this::ready)
                .route(
                        "GET",
                        "/metrics",
                        call -> HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    private HttpReply ready(HttpCall call) {
        return daemon.problem()
                .map(problem -> HttpReply.text(503, problem + "\n"))
                .orElseGet(() -> HttpReply.text(200, "ok\n"));
    }
}
