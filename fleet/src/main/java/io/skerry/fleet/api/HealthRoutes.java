package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;

/** Whether this process lives, whether it can serve, and its metrics. */
final class HealthRoutes {
    private final Registry registry;
    private final Metrics metrics;

    HealthRoutes(Registry registry, Metrics metrics) {
        this.registry = registry;
        this.metrics = metrics;
    }

    void addTo(HttpRouter router) {
        router.route("GET", "/livez", call -> HttpReply.text(200, "ok\n"));
        router.route("GET", "/readyz", this::ready);
        router.route("GET", "/healthz", this::ready);
        router.route(
                "GET", "/metrics", call -> HttpReply.of(200, Metrics.CONTENT_TYPE, metrics.text()));
    }

    private HttpReply ready(HttpCall call) {
        try {
            registry.revision();
            return HttpReply.text(200, "ok\n");
        } catch (RegistryException e) {
            return HttpReply.text(503, "not ready: " + e.getMessage() + "\n");
        }
    }
}
