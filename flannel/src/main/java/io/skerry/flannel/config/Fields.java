package io.skerry.flannel.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The fields of one JSON object. Names are taken in any case, as the original does. Every accessor
 * notes the field it was asked for; {@link #unknown} tells of the others.
 */
final class Fields {
    private final String path;
    private final Map<String, JsonNode> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final TreeSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private Fields(String path, JsonNode object) {
        this.path = path;
        object.properties().forEach(field -> byName.put(field.getKey(), field.getValue()));
    }

    /**
     * @param path what errors put before a field's name
     */
    static Fields of(String path, JsonNode node) throws ConfigFault {
        if (!node.isObject()) {
            String what =
                    path.isEmpty() ? "the configuration" : path.substring(0, path.length() - 1);
            throw new ConfigFault(what + " must be a JSON object, not " + shown(node));
        }
        return new Fields(path, node);
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }

    private Optional<JsonNode> take(String name) {
        known.add(name);
        return Optional.ofNullable(byName.get(name)).filter(node -> !node.isNull());
    }

    Optional<Fields> object(String name) throws ConfigFault {
        var node = take(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(of(path + name + ".", node.get()));
    }

    Optional<String> text(String name) throws ConfigFault {
        var node = take(name);
        if (node.isPresent() && !node.get().isTextual()) {
            throw refusal(name, node.get().toString(), "a text");
        }
        return node.map(JsonNode::textValue).filter(text -> !text.isEmpty());
    }

    boolean flag(String name, boolean otherwise) throws ConfigFault {
        var node = take(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        if (!node.get().isBoolean()) {
            throw refusal(name, node.get().toString(), "true or false");
        }
        return node.get().booleanValue();
    }

    /** Zero counts as not given, as it does for the original. */
    OptionalInt number(String name, int least, int most) throws ConfigFault {
        var node = take(name);
        if (node.isEmpty() || (node.get().isInt() && node.get().intValue() == 0)) {
            return OptionalInt.empty();
        }
        boolean fits =
                node.get().isInt()
                        && node.get().intValue() >= least
                        && node.get().intValue() <= most;
        if (!fits) {
            throw refusal(
                    name, node.get().toString(), "a whole number from " + least + " to " + most);
        }
        return OptionalInt.of(node.get().intValue());
    }

    /**
     * A text with a meaning.
     *
     * @param parse empty for a text that has none
     * @param allowed what errors say of such
     */
    <T> Optional<T> parsed(String name, Function<String, Optional<T>> parse, String allowed)
            throws ConfigFault {
        var text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var meant = parse.apply(text.get());
        if (meant.isEmpty()) {
            throw refusal(name, text.get(), allowed);
        }
        return meant;
    }

    /** Fields that nobody asked for, each with what may have been meant. */
    List<String> unknown() {
        var unknown = new ArrayList<String>();
        for (String name : byName.keySet()) {
            if (!known.contains(name)) {
                unknown.add(
                        path
                                + name
                                + Nearest.to(name, known)
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse(""));
            }
        }
        return unknown;
    }

    ConfigFault refusal(String name, String value, String allowed) {
        return new ConfigFault(path + name + " is " + value + " and must be " + allowed);
    }
}
