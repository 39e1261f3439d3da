package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.api.schema.Explanation;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.model.PlacementReason;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitName;
import java.util.List;

/** {@code GET /units/{name}/explain}: why a unit is where it is, or nowhere. */
final class ExplainRoute {
    private final Registry registry;

    ExplainRoute(Registry registry) {
        this.registry = registry;
    }

    void addTo(Routes routes) {
        routes.get("/units/{name}/explain", this::explain);
    }

    private HttpReply explain(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        var snapshot = registry.snapshot();
        var name = UnitName.parse(call.parameter("name")).orElse(null);
        Unit unit = name == null ? null : snapshot.units().get(name);
        if (name == null || unit == null) {
            throw new HttpError(404, "unit does not exist");
        }
        var states = registry.states(name);
        PlacementReason reason = snapshot.reasons().get(name);
        return HttpReply.json(
                200,
                JsonWriter.explanation(
                        new Explanation(
                                name.value(),
                                unit.targetState().wireName(),
                                Entities.currentState(unit, states),
                                machines(unit, states),
                                reason == null ? "" : reason.describe())));
    }

    private static List<String> machines(Unit unit, List<UnitStateReport> states) {
        return unit.placement() != null
                ? List.of(unit.placement().machineId())
                : states.stream().map(UnitStateReport::machineId).toList();
    }
}
