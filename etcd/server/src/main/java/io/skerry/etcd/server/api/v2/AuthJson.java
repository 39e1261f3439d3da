package io.skerry.etcd.server.api.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users and roles as JSON: what clients send and are told, and how they are stored. */
final class AuthJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AuthJson() {}

    /** A body that is no JSON of this kind. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    static User user(String json) throws MalformedException {
        var node = object(json);
        return new User(
                text(node, "user"),
                text(node, "password"),
                texts(node, "roles"),
                orNone(texts(node, "grant")),
                orNone(texts(node, "revoke")));
    }

    static Role role(String json) throws MalformedException {
        var node = object(json);
        var permissions = permissions(node.get("permissions"));
        return new Role(
                text(node, "role"),
                permissions == null ? new Permissions(null, null) : permissions,
                permissions(node.get("grant")),
                permissions(node.get("revoke")));
    }

    private static JsonNode object(String json) throws MalformedException {
        try {
            var node = MAPPER.readTree(json);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException(e.getOriginalMessage());
        }
        throw new MalformedException("an object is wanted");
    }

    private static String text(JsonNode object, String field) throws MalformedException {
        var value = object.get(field);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new MalformedException(field + " must be a string");
        }
        return value.textValue();
    }

    private static @Nullable List<String> texts(JsonNode object, String field)
            throws MalformedException {
        var value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (var element : value) {
            if (!element.isTextual() || element.textValue().isEmpty()) {
                throw new MalformedException(field + " must hold strings that are not empty");
            }
            texts.add(element.textValue());
        }
        if (!value.isArray()) {
            throw new MalformedException(field + " must be a list");
        }
        return texts;
    }

    private static List<String> orNone(@Nullable List<String> texts) {
        return texts == null ? List.of() : texts;
    }

    private static @Nullable Permissions permissions(@Nullable JsonNode node)
            throws MalformedException {
        if (node == null || node.isNull()) {
            return null;
        }
        var keys = node.get("kv");
        return keys == null || !keys.isObject()
                ? new Permissions(null, null)
                : new Permissions(texts(keys, "read"), texts(keys, "write"));
    }

    /** With the password as it is: empty ones are left out. */
    static String of(User user) {
        var json = new StringJoiner(",", "{", "}");
        json.add("\"user\":" + JsonText.quoted(user.user()));
        if (!user.password().isEmpty()) {
            json.add("\"password\":" + JsonText.quoted(user.password()));
        }
        json.add("\"roles\":" + list(user.roles()));
        return json.toString();
    }

    /** A user with what its roles are. */
    static String of(User user, List<Role> roles) {
        String all = roles.stream().map(AuthJson::of).collect(Collectors.joining(","));
        return "{\"user\":"
                + JsonText.quoted(user.user())
                + (roles.isEmpty() ? "}" : ",\"roles\":[" + all + "]}");
    }

    static String of(Role role) {
        var json = new StringJoiner(",", "{", "}");
        json.add("\"role\":" + JsonText.quoted(role.role()));
        json.add("\"permissions\":" + of(role.permissions()));
        if (role.grant() != null) {
            json.add("\"grant\":" + of(role.grant()));
        }
        if (role.revoke() != null) {
            json.add("\"revoke\":" + of(role.revoke()));
        }
        return json.toString();
    }

    private static String of(Permissions permissions) {
        return "{\"kv\":{\"read\":"
                + list(permissions.read())
                + ",\"write\":"
                + list(permissions.write())
                + "}}";
    }

    private static String list(@Nullable List<String> texts) {
        return texts == null
                ? "null"
                : texts.stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]"));
    }
}
