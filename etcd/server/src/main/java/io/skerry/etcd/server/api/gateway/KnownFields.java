package io.skerry.etcd.server.api.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Takes fields that a message does not have out of its JSON: like etcd's gateway, ours passes over
 * what a newer client may say, but refuses a wrong value of a field that it knows.
 */
final class KnownFields {
    private KnownFields() {}

    static void keep(JsonNode json, Descriptor type) {
        if (!(json instanceof ObjectNode object)) {
            return;
        }
        var names = object.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            var field = field(type, name);
            if (field == null) {
                names.remove();
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                var value = object.get(name);
                if (value.isArray()) {
                    value.forEach(each -> keep(each, field.getMessageType()));
                } else {
                    keep(value, field.getMessageType());
                }
            }
        }
    }

    private static @Nullable FieldDescriptor field(Descriptor type, String name) {
        for (var field : type.getFields()) {
            if (field.getName().equals(name) || field.getJsonName().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
