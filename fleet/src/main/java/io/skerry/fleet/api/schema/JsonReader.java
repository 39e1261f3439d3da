package io.skerry.fleet.api.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the API's JSON. Depth and lengths are limited, and a field given twice is refused.
 * Thread-safe.
 */
public final class JsonReader {
    /**
     * Of what a user asks for, where a field that nobody defined is refused: it may be misspelt.
     */
    public static final JsonReader REQUESTS = new JsonReader(true);

    /**
     * Of what a host answers, whose version may be newer than the reader's: fields and events that
     * are not known are left aside.
     */
    public static final JsonReader ANSWERS = new JsonReader(false);

    private static final int MAX_DEPTH = 16;
    private static final int MAX_STRING_CHARS = 1 << 20;
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(MAX_STRING_CHARS)
                                    .maxNameLength(1024)
                                    .maxNumberLength(32)
                                    .build())
                    .build();

    @FunctionalInterface
    private interface Document<T> {
        T read(JsonParser json) throws IOException, SchemaException;
    }

    @FunctionalInterface
    private interface Field {
        /** Reads the value of the field; false: there is no such field. */
        boolean read(String name) throws IOException, SchemaException;
    }

    private final boolean strict;

    private JsonReader(boolean strict) {
        this.strict = strict;
    }

    /** A page of machines. */
    public Page<Machine> machines(byte[] json) throws SchemaException {
        return page(json, "machines", this::machine);
    }

    /** A page of units. */
    public Page<UnitEntity> units(byte[] json) throws SchemaException {
        return page(json, "units", this::unit);
    }

    /** A page of states. */
    public Page<UnitStateEntity> states(byte[] json) throws SchemaException {
        return page(json, "states", this::state);
    }

    /** Units that are moved. */
    public Page<UnitMove> moves(byte[] json) throws SchemaException {
        return page(
                json,
                "moves",
                parser -> {
                    var text = strings(parser, "move", List.of("unit", "from", "to"));
                    return new UnitMove(
                            text.getOrDefault("unit", ""),
                            text.getOrDefault("from", ""),
                            text.getOrDefault("to", ""));
                });
    }

    /** The operations of a JSON patch, RFC 6902; a value that is left out is empty. */
    public List<PatchOperation> patch(byte[] json) throws SchemaException {
        return document(
                json,
                parser -> {
                    if (parser.nextToken() != JsonToken.START_ARRAY) {
                        throw new SchemaException("a patch must be an array of {op, path, value}");
                    }
                    var operations = new ArrayList<PatchOperation>();
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        var text = strings(parser, "operation", List.of("op", "path", "value"));
                        operations.add(
                                new PatchOperation(
                                        text.getOrDefault("op", ""),
                                        text.getOrDefault("path", ""),
                                        text.getOrDefault("value", "")));
                    }
                    if (parser.currentToken() != JsonToken.END_ARRAY) {
                        throw new SchemaException("a patch must be an array of {op, path, value}");
                    }
                    return operations;
                });
    }

    /** One unit, as asked for in a request or given in an answer. */
    public UnitEntity unit(byte[] json) throws SchemaException {
        return document(json, this::unit);
    }

    /** One state. */
    public UnitStateEntity state(byte[] json) throws SchemaException {
        return document(json, this::state);
    }

    /** The message of an error answer; what has none is refused: it is not the API's. */
    public String errorMessage(byte[] json) throws SchemaException {
        return document(
                json,
                parser -> {
                    var messages = new ArrayList<String>();
                    object(
                            parser,
                            "the answer",
                            outer -> {
                                if (!outer.equals("error")) {
                                    return false;
                                }
                                object(
                                        parser,
                                        "error",
                                        inner -> {
                                            switch (inner) {
                                                case "code" -> parser.nextToken();
                                                case "message" ->
                                                        messages.add(Tokens.string(parser, inner));
                                                default -> {
                                                    return false;
                                                }
                                            }
                                            return true;
                                        });
                                return true;
                            });
                    if (messages.isEmpty()) {
                        throw new SchemaException("the answer has no message of an error");
                    }
                    return messages.getFirst();
                });
    }

    /** Why a unit is where it is. */
    public Explanation explanation(byte[] json) throws SchemaException {
        return document(
                json,
                parser -> {
                    var text = new HashMap<String, String>();
                    var machineIds = new ArrayList<String>();
                    object(
                            parser,
                            "the explanation",
                            field -> {
                                switch (field) {
                                    case "name", "desiredState", "currentState", "reason" ->
                                            text.put(field, Tokens.string(parser, field));
                                    case "machineIDs" -> {
                                        Tokens.expect(parser, JsonToken.START_ARRAY, field);
                                        while (parser.nextToken() == JsonToken.VALUE_STRING) {
                                            machineIds.add(parser.getText());
                                        }
                                    }
                                    default -> {
                                        return false;
                                    }
                                }
                                return true;
                            });
                    return new Explanation(
                            text.getOrDefault("name", ""),
                            text.getOrDefault("desiredState", ""),
                            text.getOrDefault("currentState", ""),
                            machineIds,
                            text.getOrDefault("reason", ""));
                });
    }

    /** One line of the feed. */
    public WatchEvent event(byte[] line) throws SchemaException {
        return document(
                line,
                parser -> {
                    var events = new ArrayList<WatchEvent>();
                    object(
                            parser,
                            "an event",
                            kind -> {
                                WatchEvent event = event(parser, kind);
                                return event != null && events.add(event);
                            });
                    // One that only later versions know still proves that the connection lives.
                    return events.isEmpty() ? new WatchEvent.Alive() : events.getFirst();
                });
    }

    private @Nullable WatchEvent event(JsonParser json, String kind)
            throws IOException, SchemaException {
        return switch (kind) {
            case "synced" -> {
                json.nextToken();
                json.skipChildren();
                yield new WatchEvent.Synced();
            }
            case "alive" -> {
                json.nextToken();
                json.skipChildren();
                yield new WatchEvent.Alive();
            }
            case "state" -> new WatchEvent.StateChanged(state(json));
            case "machine" -> new WatchEvent.MachineChanged(machine(json));
            case "unit" -> unitChanged(json);
            case "unitGone" ->
                    new WatchEvent.UnitGone(
                            strings(json, kind, List.of("name")).getOrDefault("name", ""));
            case "stateGone" -> {
                var text = strings(json, kind, List.of("name", "machineID"));
                yield new WatchEvent.StateGone(
                        text.getOrDefault("name", ""), text.getOrDefault("machineID", ""));
            }
            case "machineGone" ->
                    new WatchEvent.MachineGone(
                            strings(json, kind, List.of("id")).getOrDefault("id", ""));
            default -> null;
        };
    }

    private WatchEvent unitChanged(JsonParser json) throws IOException, SchemaException {
        var text = new HashMap<String, String>();
        object(
                json,
                "unit",
                field -> {
                    switch (field) {
                        case "name",
                                "hash",
                                "desiredState",
                                "currentState",
                                "machineID",
                                "reason" ->
                                text.put(field, Tokens.string(json, field));
                        case "global" -> text.put(field, String.valueOf(json.nextBooleanValue()));
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        return new WatchEvent.UnitChanged(
                text.getOrDefault("name", ""),
                text.getOrDefault("hash", ""),
                text.getOrDefault("desiredState", ""),
                text.getOrDefault("currentState", ""),
                text.getOrDefault("machineID", ""),
                text.getOrDefault("global", "").equals("true"),
                text.getOrDefault("reason", ""));
    }

    private Machine machine(JsonParser json) throws IOException, SchemaException {
        var text = new HashMap<String, String>();
        var metadata = new HashMap<String, String>();
        var amounts = new HashMap<String, Resources>();
        object(
                json,
                "machine",
                field -> {
                    switch (field) {
                        case "id", "primaryIP", "state" ->
                                text.put(field, Tokens.string(json, field));
                        case "capacity", "requested" -> amounts.put(field, resources(json, field));
                        case "metadata" ->
                                object(
                                        json,
                                        field,
                                        key -> {
                                            metadata.put(key, Tokens.string(json, key));
                                            return true;
                                        });
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        return new Machine(
                text.getOrDefault("id", ""),
                metadata,
                text.getOrDefault("primaryIP", ""),
                text.getOrDefault("state", ""),
                amounts.getOrDefault("capacity", Resources.NONE),
                amounts.getOrDefault("requested", Resources.NONE));
    }

    private Resources resources(JsonParser json, String name) throws IOException, SchemaException {
        var numbers = new HashMap<String, Long>();
        object(
                json,
                name,
                field -> {
                    if (!field.equals("cpuMillis") && !field.equals("memoryBytes")) {
                        return false;
                    }
                    json.nextToken();
                    numbers.put(field, Math.max(0, json.getValueAsLong()));
                    return true;
                });
        return new Resources(
                numbers.getOrDefault("cpuMillis", 0L), numbers.getOrDefault("memoryBytes", 0L));
    }

    private UnitEntity unit(JsonParser json) throws IOException, SchemaException {
        var text = new HashMap<String, String>();
        var options = new ArrayList<UnitOption>();
        object(
                json,
                "unit",
                field -> {
                    switch (field) {
                        case "name", "desiredState", "currentState", "machineID" ->
                                text.put(field, Tokens.string(json, field));
                        case "options" -> options(json, options);
                        default -> {
                            return false;
                        }
                    }
                    return true;
                });
        return new UnitEntity(
                text.getOrDefault("name", ""),
                options,
                text.getOrDefault("desiredState", ""),
                text.getOrDefault("currentState", ""),
                text.getOrDefault("machineID", ""));
    }

    private void options(JsonParser json, List<UnitOption> options)
            throws IOException, SchemaException {
        var token = json.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_ARRAY) {
            throw new SchemaException("options must be an array of {section, name, value}");
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            var option = strings(json, "option", List.of("section", "name", "value"));
            options.add(
                    new UnitOption(
                            option.getOrDefault("section", ""),
                            option.getOrDefault("name", ""),
                            option.getOrDefault("value", "")));
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw new SchemaException("options must be an array of {section, name, value}");
        }
    }

    private UnitStateEntity state(JsonParser json) throws IOException, SchemaException {
        var text =
                strings(
                        json,
                        "state",
                        List.of(
                                "name",
                                "hash",
                                "machineID",
                                "start",
                                "systemdLoadState",
                                "systemdActiveState",
                                "systemdSubState"));
        return new UnitStateEntity(
                text.getOrDefault("name", ""),
                text.getOrDefault("hash", ""),
                text.getOrDefault("machineID", ""),
                text.getOrDefault("systemdLoadState", ""),
                text.getOrDefault("systemdActiveState", ""),
                text.getOrDefault("systemdSubState", ""),
                new StartNews(text.getOrDefault("start", "")));
    }

    private <T> Page<T> page(byte[] json, String list, Document<T> item) throws SchemaException {
        return document(
                json,
                parser -> {
                    var items = new ArrayList<T>();
                    var token = new StringBuilder();
                    object(
                            parser,
                            "the page",
                            field -> {
                                if (field.equals("nextPageToken")) {
                                    token.append(Tokens.string(parser, field));
                                    return true;
                                }
                                if (!field.equals(list)) {
                                    return false;
                                }
                                if (parser.nextToken() == JsonToken.START_ARRAY) {
                                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                                        items.add(item.read(parser));
                                    }
                                }
                                return true;
                            });
                    return new Page<>(items, token.toString());
                });
    }

    private Map<String, String> strings(JsonParser json, String what, List<String> fields)
            throws IOException, SchemaException {
        var values = new HashMap<String, String>();
        object(
                json,
                what,
                field -> {
                    if (!fields.contains(field)) {
                        return false;
                    }
                    values.put(field, Tokens.string(json, field));
                    return true;
                });
        return values;
    }

    /** Reads an object, whose opening brace may have been read already. */
    private void object(JsonParser json, String what, Field field)
            throws IOException, SchemaException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            Tokens.expect(json, JsonToken.START_OBJECT, what);
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (!field.read(name)) {
                if (strict) {
                    throw new SchemaException("unknown field '" + name + "' in " + what);
                }
                json.nextToken();
                json.skipChildren();
            }
        }
    }

    private static <T> T document(byte[] bytes, Document<T> document) throws SchemaException {
        try (JsonParser json = FACTORY.createParser(bytes)) {
            T value = document.read(json);
            if (json.nextToken() != null) {
                throw new SchemaException("text after the end of the JSON document");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new SchemaException("not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
    }
}
