package io.skerry.fleet.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpHandler;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.fleet.store.RegistryException;
import java.util.List;

/**
 * Adds routes of the API under each of its names, counted, and answering 503 while the store is
 * away or the host may not speak for the cluster.
 */
final class Routes {
    private static final Log LOG = Log.of(Routes.class);
    private static final String STORE_AWAY = "fleet server unable to communicate with etcd";

    private final HttpRouter router;
    private final List<String> bases;
    private final LocalHost local;
    private final Counter requests;

    Routes(HttpRouter router, List<String> bases, LocalHost local, Metrics metrics) {
        this.router = router;
        this.bases = bases;
        this.local = local;
        this.requests =
                metrics.counter(
                        "fleet_api_requests_total",
                        "Requests to the fleet API, by route and status.",
                        "method",
                        "route",
                        "code");
    }

    void get(String pattern, HttpHandler handler) {
        for (String base : bases) {
            router.route("GET", base + pattern, counted("GET", pattern, handler));
        }
    }

    void putJson(String pattern, HttpHandler handler) {
        json("PUT", pattern, handler);
    }

    void patchJson(String pattern, HttpHandler handler) {
        json("PATCH", pattern, handler);
    }

    private void json(String method, String pattern, HttpHandler handler) {
        var types = List.of("application/json");
        for (String base : bases) {
            router.route(method, base + pattern, types, counted(method, pattern, handler));
        }
    }

    /** For requests that say everything in their line. */
    void put(String pattern, HttpHandler handler) {
        for (String base : bases) {
            router.route("PUT", base + pattern, counted("PUT", pattern, handler));
        }
    }

    void delete(String pattern, HttpHandler handler) {
        for (String base : bases) {
            router.route("DELETE", base + pattern, counted("DELETE", pattern, handler));
        }
    }

    private HttpHandler counted(String method, String pattern, HttpHandler handler) {
        return call -> {
            int status = 500;
            try {
                HttpReply reply = answered(handler, call);
                status = reply.status();
                return reply;
            } catch (HttpError e) {
                status = e.status();
                throw e;
            } finally {
                requests.labelValues(method, pattern, String.valueOf(status)).inc();
            }
        };
    }

    private HttpReply answered(HttpHandler handler, HttpCall call) throws Exception {
        var barred = local.barred();
        if (barred.isPresent()) {
            throw new HttpError(503, barred.get());
        }
        try {
            return handler.handle(call);
        } catch (RegistryException e) {
            LOG.warn("request failed at the store", "path", call.path(), "error", e.getMessage());
            throw new HttpError(503, STORE_AWAY);
        }
    }
}
