package io.skerry.flannel.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/** The fields of one JSON object of a policy; those that nobody asked for are refused. */
final class PolicyFields {
    private final String path;
    private final JsonNode object;
    private final TreeSet<String> known = new TreeSet<>();

    private PolicyFields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /**
     * The fields of a node.
     *
     * @param path how messages call the node; empty: the document itself
     */
    static PolicyFields of(String path, JsonNode node) throws PolicyFault {
        if (!node.isObject()) {
            throw new PolicyFault(
                    (path.isEmpty() ? "the policy" : path)
                            + " is "
                            + node
                            + " and must be a JSON object");
        }
        return new PolicyFields(path, node);
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Optional<JsonNode> take(String name) {
        known.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    Optional<String> text(String name, String allowed) throws PolicyFault {
        var node = take(name);
        if (node.isPresent() && !node.get().isTextual()) {
            throw refusal(name, node.get(), allowed);
        }
        return node.map(JsonNode::textValue);
    }

    OptionalInt number(String name, int least, int most) throws PolicyFault {
        var node = take(name);
        if (node.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean fits =
                node.get().isInt()
                        && node.get().intValue() >= least
                        && node.get().intValue() <= most;
        if (!fits) {
            throw refusal(name, node.get(), "a whole number from " + least + " to " + most);
        }
        return OptionalInt.of(node.get().intValue());
    }

    /** The elements of a list that has some; none if there is no such field. */
    List<JsonNode> list(String name, int most, String allowed) throws PolicyFault {
        var node = take(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray() || node.get().isEmpty()) {
            throw refusal(name, node.get(), "a list of " + allowed + "; leave it out for any");
        }
        if (node.get().size() > most) {
            throw new PolicyFault(
                    path(name) + " has " + node.get().size() + " elements and may have " + most);
        }
        var elements = new ArrayList<JsonNode>();
        node.get().forEach(elements::add);
        return elements;
    }

    /** One text, or a list of several; none if there is no such field. */
    List<String> words(String name, String allowed) throws PolicyFault {
        var node = take(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get().isTextual()) {
            return List.of(node.get().textValue());
        }
        var words = new ArrayList<String>();
        for (JsonNode word : node.get()) {
            if (!word.isTextual()) {
                throw refusal(name, node.get(), allowed);
            }
            words.add(word.textValue());
        }
        if (words.isEmpty() || !node.get().isArray()) {
            throw refusal(name, node.get(), allowed);
        }
        return words;
    }

    /** When all fields that mean something have been asked for. */
    void refuseOthers() throws PolicyFault {
        for (var field : object.properties()) {
            if (!known.contains(field.getKey())) {
                throw new PolicyFault(
                        path(field.getKey())
                                + " is no field; "
                                + Nearest.to(field.getKey(), known)
                                        .map(near -> "did you mean " + near + "? There are ")
                                        .orElse("there are ")
                                + String.join(", ", known));
            }
        }
    }

    PolicyFault refusal(String name, JsonNode value, String allowed) {
        return new PolicyFault(path(name) + " is " + value + " and must be " + allowed);
    }

    PolicyFault missing(String name, String allowed) {
        return new PolicyFault(path(name) + " is missing and must be " + allowed);
    }
}
