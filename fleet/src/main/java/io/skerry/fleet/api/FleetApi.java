package io.skerry.fleet.api;

import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.metrics.Metrics;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.store.Registry;
import java.util.List;

/**
 * All routes of fleet's API. Give {@link #router} to as many listeners as there are addresses.
 * Close this before them: that ends the feeds that are being watched, for which a listener would
 * wait.
 */
public final class FleetApi implements AutoCloseable {
    /** Where the API begins. */
    public static final String BASE = "/fleet/v1";

    /** Where it began before it had a version of its own. */
    private static final String OLD_BASE = "/v1-alpha";

    /** Entries on one page of a list, as in the original. */
    public static final int DEFAULT_PAGE_SIZE = 100;

    private final ClusterFeed feed;
    private final HttpRouter router;

    /**
     * Wires the routes; nothing runs until a request comes.
     *
     * @param access who may do what
     * @param pageSize entries on one page of a list
     */
    public FleetApi(
            Registry registry,
            LocalHost local,
            Peers peers,
            AccessRules access,
            int pageSize,
            Metrics metrics) {
        feed = new ClusterFeed(registry);
        router =
                new HttpRouter()
                        .errors((code, text) -> HttpReply.json(code, JsonWriter.error(code, text)));
        var routes = new Routes(router, List.of(BASE, OLD_BASE), new Gate(access), local, metrics);
        var paging = new Paging(pageSize);
        new MachineRoutes(registry, paging).addTo(routes);
        new ListRoutes(registry, paging).addTo(routes);
        var restart = new OriginalRestart();
        var watch = new WatchRoute(feed);
        new UnitRoutes(registry, restart, watch).addTo(routes);
        new ManyUnitsRoutes(registry, paging, restart, watch).addTo(routes);
        new HostRoutes(registry, local, peers).addTo(routes);
        new ExplainRoute(registry).addTo(routes);
        new RebalanceRoute(registry).addTo(routes);
        watch.addTo(routes);
        new HealthRoutes(registry, metrics).addTo(router);
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            router.route(
                    method,
                    "/",
                    call -> {
                        throw new HttpError(405, "the API is at " + BASE);
                    });
        }
    }

    /** The routes. */
    public HttpRouter router() {
        return router;
    }

    @Override
    public void close() {
        feed.close();
    }
}
