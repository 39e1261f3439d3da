package io.skerry.fleet.api.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.skerry.fleet.model.Resources;
import io.skerry.systemd.unit.UnitOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the API's records as JSON, as UTF-8 bytes. */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonWriter() {}

    /** {@code {"machines":[…],"nextPageToken":"…"}}. */
    public static byte[] machines(Page<Machine> page) {
        return page("machines", page, JsonWriter::machine);
    }

    /** {@code {"units":[…],"nextPageToken":"…"}}. */
    public static byte[] units(Page<UnitEntity> page) {
        return page("units", page, JsonWriter::unit);
    }

    /** {@code {"states":[…],"nextPageToken":"…"}}. */
    public static byte[] states(Page<UnitStateEntity> page) {
        return page("states", page, JsonWriter::state);
    }

    /** {@code {"moves":[…]}}. */
    public static byte[] moves(Page<UnitMove> page) {
        return page(
                "moves",
                page,
                (json, move) -> {
                    json.writeStartObject();
                    field(json, "from", move.from());
                    field(json, "to", move.to());
                    field(json, "unit", move.unit());
                    json.writeEndObject();
                });
    }

    /** One unit. */
    public static byte[] unit(UnitEntity unit) {
        return bytes(json -> unit(json, unit));
    }

    /** One state. */
    public static byte[] state(UnitStateEntity state) {
        return bytes(json -> state(json, state));
    }

    /** The answer to a request that failed. */
    public static byte[] error(int code, String message) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", code);
            json.writeStringField("message", message);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** Why a unit is where it is. */
    public static byte[] explanation(Explanation explanation) {
        return bytes(json -> {
            json.writeStartObject();
            field(json, "currentState", explanation.currentState());
            field(json, "desiredState", explanation.desiredState());
            json.writeArrayFieldStart("machineIDs");
            for (String id : explanation.machineIds()) {
                json.writeString(id);
            }
            json.writeEndArray();
            field(json, "name", explanation.name());
            field(json, "reason", explanation.reason());
            json.writeEndObject();
        });
    }

    /** One line of the feed, its newline included. */
    public static byte[] event(WatchEvent event) {
        return bytes(json -> {
            json.writeStartObject();
            event(json, event);
            json.writeEndObject();
            json.writeRaw('\n');
        });
    }

    private static void event(JsonGenerator json, WatchEvent event) throws IOException {
        switch (event) {
            case WatchEvent.UnitChanged unit -> {
                json.writeObjectFieldStart("unit");
                field(json, "currentState", unit.currentState());
                field(json, "desiredState", unit.desiredState());
                if (unit.global()) {
                    json.writeBooleanField("global", true);
                }
                field(json, "hash", unit.hash());
                field(json, "machineID", unit.machineId());
                field(json, "name", unit.name());
                field(json, "reason", unit.reason());
                json.writeEndObject();
            }
            case WatchEvent.UnitGone(var name) -> {
                json.writeObjectFieldStart("unitGone");
                json.writeStringField("name", name);
                json.writeEndObject();
            }
            case WatchEvent.StateChanged(var state) -> {
                json.writeFieldName("state");
                state(json, state);
            }
            case WatchEvent.StateGone(var name, var machineId) -> {
                json.writeObjectFieldStart("stateGone");
                json.writeStringField("machineID", machineId);
                json.writeStringField("name", name);
                json.writeEndObject();
            }
            case WatchEvent.MachineChanged(var machine) -> {
                json.writeFieldName("machine");
                machine(json, machine);
            }
            case WatchEvent.MachineGone(var id) -> {
                json.writeObjectFieldStart("machineGone");
                json.writeStringField("id", id);
                json.writeEndObject();
            }
            case WatchEvent.Synced synced -> json.writeBooleanField("synced", true);
            case WatchEvent.Alive alive -> json.writeBooleanField("alive", true);
        }
    }

    static void machine(JsonGenerator json, Machine machine) throws IOException {
        json.writeStartObject();
        resources(json, "capacity", machine.capacity());
        field(json, "id", machine.id());
        if (!machine.metadata().isEmpty()) {
            json.writeObjectFieldStart("metadata");
            for (var entry : machine.metadata().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
        field(json, "primaryIP", machine.primaryIp());
        resources(json, "requested", machine.requested());
        field(json, "state", machine.state());
        json.writeEndObject();
    }

    static void unit(JsonGenerator json, UnitEntity unit) throws IOException {
        json.writeStartObject();
        field(json, "currentState", unit.currentState());
        field(json, "desiredState", unit.desiredState());
        field(json, "machineID", unit.machineId());
        field(json, "name", unit.name());
        if (!unit.options().isEmpty()) {
            json.writeArrayFieldStart("options");
            for (UnitOption option : unit.options()) {
                json.writeStartObject();
                json.writeStringField("name", option.name());
                json.writeStringField("section", option.section());
                json.writeStringField("value", option.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void resources(JsonGenerator json, String name, Resources amount)
            throws IOException {
        if (!amount.isNone()) {
            json.writeObjectFieldStart(name);
            json.writeNumberField("cpuMillis", amount.cpuMillis());
            json.writeNumberField("memoryBytes", amount.memoryBytes());
            json.writeEndObject();
        }
    }

    static void state(JsonGenerator json, UnitStateEntity state) throws IOException {
        json.writeStartObject();
        field(json, "hash", state.hash());
        field(json, "machineID", state.machineId());
        field(json, "name", state.name());
        field(json, "start", state.start().word());
        field(json, "systemdActiveState", state.activeState());
        field(json, "systemdLoadState", state.loadState());
        field(json, "systemdSubState", state.subState());
        json.writeEndObject();
    }

    private interface ItemWriter<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    private static <T> byte[] page(String name, Page<T> page, ItemWriter<T> writer) {
        return bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            for (T item : page.items()) {
                writer.write(json, item);
            }
            json.writeEndArray();
            field(json, "nextPageToken", page.nextToken());
            json.writeEndObject();
        });
    }

    private static void field(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static byte[] bytes(Content content) {
        var out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }
}
