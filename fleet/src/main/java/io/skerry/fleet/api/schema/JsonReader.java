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
 * Reads the API's JSON. Depth and lengths are limited, a field given twice is refused, and so is
 * one that nobody defined.
 */
public final class JsonReader {
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

    private JsonReader() {}

    /** A page of machines. */
    public static Page<Machine> machines(byte[] json) throws SchemaException {
        return page(json, "machines", JsonReader::machine);
    }

    /** A page of units. */
    public static Page<UnitEntity> units(byte[] json) throws SchemaException {
        return page(json, "units", JsonReader::unit);
    }

    /** A page of states. */
    public static Page<UnitStateEntity> states(byte[] json) throws SchemaException {
        return page(json, "states", JsonReader::state);
    }

    /** Units that are moved. */
    public static Page<UnitMove> moves(byte[] json) throws SchemaException {
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
    public static List<PatchOperation> patch(byte[] json) throws SchemaException {
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
    public static UnitEntity unit(byte[] json) throws SchemaException {
        return document(json, JsonReader::unit);
    }

    /** One state. */
    public static UnitStateEntity state(byte[] json) throws SchemaException {
        return document(json, JsonReader::state);
    }

    /** The message of an error answer. */
    public static String errorMessage(byte[] json) throws SchemaException {
        return document(
                json,
                parser -> {
                    var message = new StringBuilder();
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
                                                        message.append(string(parser, inner));
                                                default -> {
                                                    return false;
                                                }
                                            }
                                            return true;
                                        });
                                return true;
                            });
                    return message.toString();
                });
    }

    /** Why a unit is where it is. */
    public static Explanation explanation(byte[] json) throws SchemaException {
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
                                            text.put(field, string(parser, field));
                                    case "machineIDs" -> {
                                        expect(parser, JsonToken.START_ARRAY, field);
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
    public static WatchEvent event(byte[] line) throws SchemaException {
        return document(
                line,
                parser -> {
                    expect(parser, JsonToken.START_OBJECT, "an event");
                    expect(parser, JsonToken.FIELD_NAME, "an event");
                    return event(parser, parser.currentName());
                });
    }

    private static WatchEvent event(JsonParser json, String kind)
            throws IOException, SchemaException {
        WatchEvent event =
                switch (kind) {
                    case "synced" -> {
                        json.nextToken();
                        yield new WatchEvent.Synced();
                    }
                    case "alive" -> {
                        json.nextToken();
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
                    default -> throw new SchemaException("unknown event '" + kind + "'");
                };
        expect(json, JsonToken.END_OBJECT, "the end of the event");
        return event;
    }

    private static WatchEvent unitChanged(JsonParser json) throws IOException, SchemaException {
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
                                text.put(field, string(json, field));
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

    private static Machine machine(JsonParser json) throws IOException, SchemaException {
        var text = new HashMap<String, String>();
        var metadata = new HashMap<String, String>();
        var amounts = new HashMap<String, Resources>();
        object(
                json,
                "machine",
                field -> {
                    switch (field) {
                        case "id", "primaryIP", "state" -> text.put(field, string(json, field));
                        case "capacity", "requested" -> amounts.put(field, resources(json, field));
                        case "metadata" ->
                                object(
                                        json,
                                        field,
                                        key -> {
                                            metadata.put(key, string(json, key));
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

    private static Resources resources(JsonParser json, String name)
            throws IOException, SchemaException {
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

    private static UnitEntity unit(JsonParser json) throws IOException, SchemaException {
        var text = new HashMap<String, String>();
        var options = new ArrayList<UnitOption>();
        object(
                json,
                "unit",
                field -> {
                    switch (field) {
                        case "name", "desiredState", "currentState", "machineID" ->
                                text.put(field, string(json, field));
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

    private static void options(JsonParser json, List<UnitOption> options)
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

    private static UnitStateEntity state(JsonParser json) throws IOException, SchemaException {
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

    private static <T> Page<T> page(byte[] json, String list, Document<T> item)
            throws SchemaException {
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
                                    token.append(string(parser, field));
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

    private static Map<String, String> strings(JsonParser json, String what, List<String> fields)
            throws IOException, SchemaException {
        var values = new HashMap<String, String>();
        object(
                json,
                what,
                field -> {
                    if (!fields.contains(field)) {
                        return false;
                    }
                    values.put(field, string(json, field));
                    return true;
                });
        return values;
    }

    /** Reads an object, whose opening brace may have been read already. */
    private static void object(JsonParser json, String what, Field field)
            throws IOException, SchemaException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            expect(json, JsonToken.START_OBJECT, what);
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (!field.read(name)) {
                throw new SchemaException("unknown field '" + name + "' in " + what);
            }
        }
    }

    private static String string(JsonParser json, String field)
            throws IOException, SchemaException {
        return switch (json.nextToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_NULL -> "";
            default -> throw new SchemaException("field '" + field + "' must be a string");
        };
    }

    private static void expect(JsonParser json, JsonToken wanted, String what)
            throws IOException, SchemaException {
        if (json.nextToken() != wanted) {
            throw new SchemaException(
                    what + " must be " + words(wanted) + ", not " + words(json.currentToken()));
        }
    }

    private static String words(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "the end of the text";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case FIELD_NAME -> "a field";
            case END_OBJECT, END_ARRAY -> "an end";
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
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
