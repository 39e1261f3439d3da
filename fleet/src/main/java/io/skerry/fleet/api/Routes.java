package io.skerry.fleet.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpHandler;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.api.schema.StoreAway;
import io.skerry.fleet.store.RegistryException;
import java.util.List;

/**
 * Adds routes of the API under each of its names, counted, open to those with the role that they
 * need, and answering 503 while the store is away or the host may not speak for the cluster.
 */
final class Routes {
    private static final Log LOG = Log.of(Routes.class);
    private static final List<String> ANY_TYPE = List.of();
    private static final List<String> JSON = List.of("application/json");

    private final HttpRouter router;
    private final List<String> bases;
    private final Gate gate;
    private final LocalHost local;
    private final Counter requests;

    Routes(HttpRouter router, List<String> bases, Gate gate, LocalHost local, Metrics metrics) {
        this.router = router;
        this.gate = gate;
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

    /** Answers a request that names many units, and tells of them so that each is noted. */
    @FunctionalInterface
    interface ManyUnitsHandler {
        HttpReply handle(HttpCall call, NamedUnits units) throws Exception;

        static ManyUnitsHandler of(HttpHandler handler) {
            return (call, units) -> handler.handle(call);
        }
    }

    void get(String pattern, HttpHandler handler) {
        add("GET", pattern, Role.READ_ONLY, ANY_TYPE, ManyUnitsHandler.of(handler));
    }

    void putJson(String pattern, Role needed, HttpHandler handler) {
        putJsonOfMany(pattern, needed, ManyUnitsHandler.of(handler));
    }

    void putJsonOfMany(String pattern, Role needed, ManyUnitsHandler handler) {
        add("PUT", pattern, needed, JSON, handler);
    }

    void patchJson(String pattern, Role needed, HttpHandler handler) {
        add("PATCH", pattern, needed, JSON, ManyUnitsHandler.of(handler));
    }

    /** For requests that say everything in their line. */
    void put(String pattern, Role needed, HttpHandler handler) {
        add("PUT", pattern, needed, ANY_TYPE, ManyUnitsHandler.of(handler));
    }

    void delete(String pattern, Role needed, HttpHandler handler) {
        deleteMany(pattern, needed, ManyUnitsHandler.of(handler));
    }

    void deleteMany(String pattern, Role needed, ManyUnitsHandler handler) {
        add("DELETE", pattern, needed, ANY_TYPE, handler);
    }

    private void add(
            String method,
            String pattern,
            Role needed,
            List<String> types,
            ManyUnitsHandler handler) {
        for (String base : bases) {
            router.route(method, base + pattern, types, counted(method, pattern, needed, handler));
        }
    }

    private HttpHandler counted(
            String method, String pattern, Role needed, ManyUnitsHandler handler) {
        return call -> {
            int status = 500;
            try {
                HttpReply reply = admitted(needed, handler, call);
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

    private HttpReply admitted(Role needed, ManyUnitsHandler handler, HttpCall call)
            throws Exception {
        Gate.Caller caller = gate.admit(call, needed);
        var units = new NamedUnits();
        if (needed == Role.READ_ONLY) {
            return answered(handler, call, units);
        }
        int status = 500;
        try {
            HttpReply reply = answered(handler, call, units);
            status = reply.status();
            return reply;
        } catch (HttpError e) {
            status = e.status();
            throw e;
        } finally {
            gate.note(caller, call, units, status);
        }
    }

    private HttpReply answered(ManyUnitsHandler handler, HttpCall call, NamedUnits units)
            throws Exception {
        var barred = local.barred();
        if (barred.isPresent()) {
            throw new HttpError(503, barred.get());
        }
        try {
            return handler.handle(call, units);
        } catch (RegistryException e) {
            LOG.warn("request failed at the store", "path", call.path(), "error", e.getMessage());
            throw new HttpError(StoreAway.STATUS, StoreAway.MESSAGE);
        }
    }
}
