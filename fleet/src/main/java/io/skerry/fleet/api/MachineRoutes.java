package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.http.HttpReply;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.api.schema.Page;
import io.skerry.fleet.api.schema.PatchOperation;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.Registry.MetadataChange;
import io.skerry.fleet.store.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Machines: listed, their metadata changed, drained. */
final class MachineRoutes {
    private static final String UNKNOWN = "machine does not exist";
    private static final Pattern METADATA_PATH =
            Pattern.compile("/([^/]+)/metadata/([A-Za-z0-9_.-]+)");

    private final Registry registry;
    private final Paging paging;

    MachineRoutes(Registry registry, Paging paging) {
        this.registry = registry;
        this.paging = paging;
    }

    void addTo(Routes routes) {
        routes.get("/machines", this::list);
        routes.patchJson("/machines", Role.ADMIN, this::patch);
        routes.put("/machines/{id}/drain", Role.ADMIN, call -> drain(call, true));
        routes.delete("/machines/{id}/drain", Role.ADMIN, call -> drain(call, false));
    }

    private HttpReply list(HttpCall call) throws HttpError, RegistryException {
        var query = new Query(call, "nextPageToken");
        var snapshot = registry.snapshot();
        var machines = List.copyOf(snapshot.machines().values());
        var page = paging.page(machines, MachineState::id, query.text("nextPageToken"));
        var taken = snapshot.resourcesTaken();
        var entities =
                page.items().stream()
                        .map(m -> Entities.machine(m, taken.getOrDefault(m.id(), Resources.NONE)))
                        .toList();
        return HttpReply.json(200, JsonWriter.machines(new Page<>(entities, page.nextToken())));
    }

    private HttpReply patch(HttpCall call) throws HttpError, RegistryException {
        var ignored = new Query(call);
        List<PatchOperation> operations;
        try {
            operations = JsonReader.REQUESTS.patch(call.body().toByteArray());
        } catch (SchemaException e) {
            throw new HttpError(400, "unable to decode body: " + e.getMessage());
        }
        List<MetadataChange> changes = new ArrayList<>();
        for (PatchOperation operation : operations) {
            changes.add(change(operation));
        }
        if (!registry.changeMetadata(changes)) {
            throw new HttpError(404, UNKNOWN);
        }
        return HttpReply.empty(204);
    }

    private static MetadataChange change(PatchOperation operation) throws HttpError {
        String op = operation.op();
        if (!op.equals("add") && !op.equals("remove") && !op.equals("replace")) {
            throw new HttpError(400, "invalid op '" + op + "': expect add, remove or replace");
        }
        Matcher path = METADATA_PATH.matcher(operation.path());
        if (!path.matches()) {
            throw new HttpError(
                    400,
                    "invalid path '"
                            + operation.path()
                            + "': expect /MACHINE-ID/metadata/KEY, with letters, digits, _ . and"
                            + " - in the key");
        }
        if (op.equals("remove")) {
            return new MetadataChange(path.group(1), path.group(2), null);
        }
        if (operation.value().isEmpty()) {
            throw new HttpError(400, "invalid value: " + op + " needs one that is not empty");
        }
        return new MetadataChange(path.group(1), path.group(2), operation.value());
    }

    private HttpReply drain(HttpCall call, boolean drained) throws HttpError, RegistryException {
        var ignored = new Query(call);
        if (!registry.setDrained(call.parameter("id"), drained)) {
            throw new HttpError(404, UNKNOWN);
        }
        return HttpReply.empty(204);
    }
}
