package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.Rollout;
import io.skerry.systemd.unit.Fault;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One unit: read, created, changed, destroyed. */
final class UnitRoutes {
    private static final String UNKNOWN = "unit does not exist";
    private static final int MAX_POSITION = 100_000;

    private final Registry registry;
    private final OriginalRestart restart;

    private final WatchRoute watch;

    UnitRoutes(Registry registry, OriginalRestart restart, WatchRoute watch) {
        this.registry = registry;
        this.restart = restart;
        this.watch = watch;
    }

    void addTo(Routes routes) {
        routes.get("/units/{name}", this::get);
        routes.putJson("/units/{name}", Role.OPERATOR, this::put);
        routes.delete("/units/{name}", Role.OPERATOR, this::delete);
    }

    private HttpReply get(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        Unit unit = known(registry, call);
        UnitEntity entity = Entities.unit(unit, registry.states(unit.name()));
        return HttpReply.json(
                200,
                JsonWriter.unit(
                        OriginalRestart.isFrom(call) ? restart.seen(unit.name(), entity) : entity));
    }

    private HttpReply put(HttpCall call) throws HttpError, RegistryException {
        var query = new Query(call, "rollout", "position", WatchRoute.ASKED_FOR);
        boolean watched = query.flag(WatchRoute.ASKED_FOR);
        UnitName name = name(call.parameter("name"));
        HttpReply reply = put(call, name, rollout(query));
        return watched ? watch.reply(List.of(name.value())) : reply;
    }

    private HttpReply put(HttpCall call, UnitName name, @Nullable Rollout rollout)
            throws HttpError, RegistryException {
        UnitEntity wanted = entity(call);
        if (!wanted.name().isEmpty() && !wanted.name().equals(name.value())) {
            throw new HttpError(
                    400,
                    "name '"
                            + wanted.name()
                            + "' in the body differs from '"
                            + name
                            + "' in the path");
        }
        try {
            if (wanted.options().isEmpty()) {
                return OriginalRestart.isFrom(call)
                        ? changeForOriginal(name, wanted)
                        : change(name, wanted);
            }
            UnitFile file = file(name, wanted.options());
            // Said again, a file that is there already is the one to keep, whatever waits.
            boolean nothingNew =
                    wanted.desiredState().isEmpty()
                            && registry.unit(name).map(Unit::file).filter(file::equals).isPresent();
            return nothingNew ? change(name, wanted) : submit(name, file, wanted, rollout);
        } catch (InvalidUnitException e) {
            throw new HttpError(400, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Rollout rollout(Query query) throws HttpError {
        String id = query.text("rollout");
        int position = query.number("position", 0, 0, MAX_POSITION);
        try {
            return id.isEmpty() ? null : new Rollout(id, position);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, String.valueOf(e.getMessage()));
        }
    }

    private HttpReply submit(
            UnitName name, UnitFile file, UnitEntity wanted, @Nullable Rollout rollout)
            throws HttpError, RegistryException, InvalidUnitException {
        TargetState target =
                wanted.desiredState().isEmpty() ? TargetState.INACTIVE : target(wanted);
        var outcome =
                rollout == null
                        ? registry.submit(name, file, target, true)
                        : registry.submitInTurn(name, file, target, rollout);
        return switch (outcome) {
            case CREATED, REPLACED -> HttpReply.empty(201);
            case UNCHANGED -> HttpReply.empty(204);
            case DIFFERS -> throw new HttpError(409, "unit was changed by someone else; try again");
        };
    }

    private HttpReply change(UnitName name, UnitEntity wanted)
            throws HttpError, RegistryException, InvalidUnitException {
        if (wanted.desiredState().isEmpty() && registry.unit(name).isEmpty()) {
            throw new HttpError(409, "unit does not exist and options field empty");
        }
        if (!registry.setTargetState(name, target(wanted))) {
            throw new HttpError(409, "unit does not exist and options field empty");
        }
        return HttpReply.empty(204);
    }

    private HttpReply changeForOriginal(UnitName name, UnitEntity wanted)
            throws HttpError, RegistryException, InvalidUnitException {
        Optional<Unit> before = registry.unit(name);
        HttpReply reply = change(name, wanted);
        if (before.isPresent()) {
            restart.asked(before.get(), target(wanted));
        }
        return reply;
    }

    private HttpReply delete(HttpCall call) throws HttpError, RegistryException {
        boolean watched = new Query(call, WatchRoute.ASKED_FOR).flag(WatchRoute.ASKED_FOR);
        UnitName name = name(call.parameter("name"));
        restart.destroyed(name);
        if (!registry.destroy(name)) {
            throw new HttpError(404, UNKNOWN);
        }
        return watched ? watch.reply(List.of(name.value())) : HttpReply.empty(204);
    }

    /** The unit that the path names; 404 when there is none. */
    static Unit known(Registry registry, HttpCall call) throws HttpError, RegistryException {
        var name = UnitName.parse(call.parameter("name"));
        var unit = name.isEmpty() ? Optional.<Unit>empty() : registry.unit(name.get());
        return unit.orElseThrow(() -> new HttpError(404, UNKNOWN));
    }

    private static UnitEntity entity(HttpCall call) throws HttpError {
        try {
            return JsonReader.REQUESTS.unit(call.body().toByteArray());
        } catch (SchemaException e) {
            throw new HttpError(400, "unable to decode body: " + e.getMessage());
        }
    }

    static UnitName name(String text) throws HttpError {
        try {
            return new UnitName(text);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, String.valueOf(e.getMessage()));
        }
    }

    static TargetState target(UnitEntity wanted) throws HttpError {
        String allowed =
                Arrays.stream(TargetState.values())
                        .map(TargetState::wireName)
                        .collect(Collectors.joining(", "));
        if (wanted.desiredState().isEmpty()) {
            throw new HttpError(400, "must provide desiredState to update a unit: " + allowed);
        }
        return TargetState.parse(wanted.desiredState())
                .orElseThrow(() ->
                        new HttpError(
                                400,
                                "invalid desiredState '"
                                        + wanted.desiredState()
                                        + "'; allowed: "
                                        + allowed));
    }

    static UnitFile file(UnitName name, List<UnitOption> options) throws HttpError {
        try {
            return UnitFile.of(name.value(), options);
        } catch (UnitFileException e) {
            throw new HttpError(
                    400,
                    e.faults().stream().map(UnitRoutes::fault).collect(Collectors.joining("; ")));
        }
    }

    /** Lines mean nothing to who sent options; the section does. */
    private static String fault(Fault fault) {
        return (fault.section().isEmpty() ? "" : "[" + fault.section() + "] ") + fault.message();
    }
}
