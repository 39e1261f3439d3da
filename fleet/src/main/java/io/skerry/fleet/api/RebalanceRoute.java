package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.UnitMove;
import io.skerry.fleet.model.Rebalance;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import java.util.List;

/** {@code /rebalance}: GET tells which units would be moved, PUT has them moved. */
final class RebalanceRoute {
    private final Registry registry;

    RebalanceRoute(Registry registry) {
        this.registry = registry;
    }

    void addTo(Routes routes) {
        routes.get("/rebalance", this::plan);
        routes.put("/rebalance", Role.ADMIN, this::move);
    }

    private HttpReply plan(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        return reply(Rebalance.plan(registry.snapshot()));
    }

    private HttpReply move(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        return reply(registry.rebalance());
    }

    private static HttpReply reply(List<Rebalance.Move> moves) {
        var entities =
                moves.stream()
                        .map(move -> new UnitMove(move.unit().value(), move.from(), move.to()))
                        .toList();
        return HttpReply.json(200, JsonWriter.moves(new Page<>(entities, "")));
    }
}
