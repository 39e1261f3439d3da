package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.Registry.Brought;
import io.skerry.fleet.store.Registry.Wish;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Many units in one request: listed, created, changed, destroyed. */
final class ManyUnitsRoutes {
    private static final int MAX_UNITS = 1000;
    private static final String NAMES = "unitName";

    private final Registry registry;
    private final Paging paging;
    private final OriginalRestart restart;

    private final WatchRoute watch;

    ManyUnitsRoutes(Registry registry, Paging paging, OriginalRestart restart, WatchRoute watch) {
        this.watch = watch;
        this.registry = registry;
        this.paging = paging;
        this.restart = restart;
    }

    void addTo(Routes routes) {
        routes.get("/units", this::list);
        routes.putJsonOfMany("/units", Role.OPERATOR, this::put);
        routes.deleteMany("/units", Role.OPERATOR, this::delete);
    }

    private HttpReply list(HttpCall call) throws HttpError, RegistryException {
        var query = new Query(call, "nextPageToken", NAMES);
        List<String> asked = atMost(query.all(NAMES));
        // What cannot be a name is none of a unit that is there.
        Set<UnitName> names =
                asked.stream()
                        .map(UnitName::parse)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet());
        var page =
                paging.page(
                        asked.isEmpty() ? registry.units() : registry.units(names),
                        unit -> unit.name().value(),
                        query.text("nextPageToken"));
        Collection<UnitName> shown = page.items().stream().map(Unit::name).toList();
        Map<UnitName, List<UnitStateReport>> states =
                (asked.isEmpty() ? registry.states() : registry.states(shown))
                        .stream().collect(Collectors.groupingBy(UnitStateReport::unit));
        var entities =
                page.items().stream()
                        .map(u -> Entities.unit(u, states.getOrDefault(u.name(), List.of())))
                        .toList();
        return HttpReply.json(
                200, JsonWriter.units(new Page<UnitEntity>(entities, page.nextToken())));
    }

    private HttpReply put(HttpCall call, NamedUnits units) throws HttpError, RegistryException {
        boolean watched = new Query(call, WatchRoute.ASKED_FOR).flag(WatchRoute.ASKED_FOR);
        var wishes = new ArrayList<Wish>();
        var seen = new HashSet<UnitName>();
        List<UnitEntity> entities = atMost(entities(call));
        units.add(entities.stream().map(UnitEntity::name).toList());
        for (UnitEntity wanted : entities) {
            Wish wish = wish(wanted);
            if (!seen.add(wish.name())) {
                throw new HttpError(400, wish.name() + ": is there twice");
            }
            wishes.add(wish);
        }
        try {
            switch (registry.bring(wishes)) {
                case Brought.All() -> {}
                case Brought.Unknown(var unknown) ->
                        throw new HttpError(
                                409,
                                joined(unknown)
                                        + ": does not exist and options field empty; no unit was"
                                        + " changed");
                case Brought.AllBut(var gone) -> {
                    for (Wish wish : wishes) {
                        boolean changed = !gone.contains(wish.name());
                        units.put(wish.name().value(), changed ? 204 : 409);
                    }
                    throw new HttpError(
                            409,
                            joined(gone)
                                    + ": was destroyed meanwhile; the other units of the request"
                                    + " were changed");
                }
            }
        } catch (InvalidUnitException e) {
            throw new HttpError(400, String.valueOf(e.getMessage()));
        }
        return watched
                ? watch.reply(entities.stream().map(UnitEntity::name).toList())
                : HttpReply.empty(204);
    }

    private static String joined(Collection<UnitName> names) {
        return names.stream().map(UnitName::value).collect(Collectors.joining(", "));
    }

    private static Wish wish(UnitEntity wanted) throws HttpError {
        try {
            UnitName name = UnitRoutes.name(wanted.name());
            var options = wanted.options();
            return new Wish(
                    name,
                    options.isEmpty() ? null : UnitRoutes.file(name, options),
                    UnitRoutes.target(wanted));
        } catch (HttpError e) {
            throw new HttpError(e.status(), wanted.name() + ": " + e.getMessage());
        }
    }

    private HttpReply delete(HttpCall call, NamedUnits units) throws HttpError, RegistryException {
        var query = new Query(call, NAMES, WatchRoute.ASKED_FOR);
        boolean watched = query.flag(WatchRoute.ASKED_FOR);
        List<String> asked = atMost(query.all(NAMES));
        units.add(asked);
        if (asked.isEmpty()) {
            throw new HttpError(400, "must provide " + NAMES + " to destroy units");
        }
        var names = new HashSet<UnitName>();
        for (String name : asked) {
            names.add(UnitRoutes.name(name));
        }
        names.forEach(restart::destroyed);
        List<UnitName> unknown = registry.destroyAll(names);
        if (unknown.size() == names.size()) {
            throw new HttpError(404, "none of the units exists");
        }
        unknown.forEach(name -> units.put(name.value(), 404));
        return watched ? watch.reply(asked) : HttpReply.empty(204);
    }

    private static List<UnitEntity> entities(HttpCall call) throws HttpError {
        try {
            return JsonReader.REQUESTS.units(call.body().toByteArray()).items();
        } catch (SchemaException e) {
            throw new HttpError(400, "unable to decode body: " + e.getMessage());
        }
    }

    private static <T> List<T> atMost(List<T> units) throws HttpError {
        if (units.size() > MAX_UNITS) {
            throw new HttpError(
                    400, units.size() + " units at once; at most " + MAX_UNITS + " are allowed");
        }
        return units;
    }
}
