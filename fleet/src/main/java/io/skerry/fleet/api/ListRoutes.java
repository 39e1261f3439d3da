package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** States as systemd told them, and the document that describes the API. */
final class ListRoutes {
    private static final String DISCOVERY = "discovery.json";

    private final Registry registry;
    private final Paging paging;
    private final byte[] discovery = resource(DISCOVERY);

    ListRoutes(Registry registry, Paging paging) {
        this.registry = registry;
        this.paging = paging;
    }

    void addTo(Routes routes) {
        routes.get("/state", this::states);
        routes.get("/state/{name}", this::state);
        routes.get("/discovery", call -> HttpReply.json(200, discovery));
    }

    private HttpReply states(HttpCall call) throws HttpError, RegistryException {
        var query = new Query(call, "nextPageToken", "machineID", "unitName");
        String unit = query.text("unitName");
        String machine = query.text("machineID");
        List<UnitStateReport> reports = unit.isEmpty() ? registry.states() : statesOf(unit);
        var wanted =
                reports.stream()
                        .filter(r -> machine.isEmpty() || r.machineId().equals(machine))
                        .toList();
        var page = paging.page(wanted, ListRoutes::key, query.text("nextPageToken"));
        var entities = page.items().stream().map(Entities::state).toList();
        return HttpReply.json(200, JsonWriter.states(new Page<>(entities, page.nextToken())));
    }

    private HttpReply state(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        List<UnitStateReport> reports = statesOf(call.parameter("name"));
        if (reports.isEmpty()) {
            throw new HttpError(404, "unit state does not exist");
        }
        return HttpReply.json(200, JsonWriter.state(Entities.state(reports.getFirst())));
    }

    private List<UnitStateReport> statesOf(String unit) throws RegistryException {
        var name = UnitName.parse(unit);
        return name.isEmpty() ? List.of() : registry.states(name.get());
    }

    /**
     * Sorts as the registry's list does, by unit and then by machine: 0 is below every character of
     * a name.
     */
    private static String key(UnitStateReport report) {
        return report.unit().value() + '\0' + report.machineId();
    }

    private static byte[] resource(String name) {
        try (InputStream in = ListRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
