package io.skerry.etcd.ctl.format;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.ResponseOp;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.Base64;
import java.util.List;

/**
 * Messages in JSON as etcdctl prints them, which is not protobuf's own form: names as in the
 * definition, numbers as numbers, enumerations as numbers, bytes in base64, absent what is empty.
 */
public final class Json {
    private Json() {}

    public static String of(Message message) {
        var json = new StringBuilder();
        if (message instanceof ResponseOp response) {
            oneOf(json, response);
        } else {
            json.append('{');
            members(json, message);
            json.append('}');
        }
        return json.toString();
    }

    /** The members of a header without braces, for answers that have them on their own level. */
    public static String inlined(ResponseHeader header) {
        var json = new StringBuilder();
        members(json, header);
        return json.toString();
    }

    /** A text in quotes. */
    public static String text(String value) {
        var json = new StringBuilder("\"");
        String text = ByteText.toText(value);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || "<>&\u2028\u2029".indexOf(c) >= 0) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return ByteText.ofText(json.append('"').toString());
    }

    private static void members(StringBuilder json, Message message) {
        String separator = "";
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            Object value = message.getField(field);
            if (empty(message, field, value)) {
                continue;
            }
            json.append(separator).append('"').append(field.getName()).append("\":");
            if (field.isRepeated()) {
                list(json, field, (List<?>) value);
            } else {
                value(json, field, value);
            }
            separator = ",";
        }
    }

    private static boolean empty(Message message, FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            return ((List<?>) value).isEmpty();
        }
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? !message.hasField(field)
                : value.equals(field.getDefaultValue());
    }

    private static void list(StringBuilder json, FieldDescriptor field, List<?> values) {
        String separator = "[";
        for (Object value : values) {
            json.append(separator);
            value(json, field, value);
            separator = ",";
        }
        json.append(']');
    }

    private static void value(StringBuilder json, FieldDescriptor field, Object value) {
        switch (value) {
            case Message message -> json.append(of(message));
            case ByteString bytes ->
                    json.append('"')
                            .append(Base64.getEncoder().encodeToString(bytes.toByteArray()))
                            .append('"');
            case String text -> json.append(text(ByteText.ofText(text)));
            case EnumValueDescriptor constant -> json.append(constant.getNumber());
            case Long number when field.getType() == FieldDescriptor.Type.UINT64 ->
                    json.append(Long.toUnsignedString(number));
            case Integer number when field.getType() == FieldDescriptor.Type.UINT32 ->
                    json.append(Integer.toUnsignedString(number));
            default -> json.append(value);
        }
    }

    /** A choice is a member of its own, with the name that etcd's language gives it. */
    private static void oneOf(StringBuilder json, ResponseOp response) {
        var fields = response.getAllFields();
        json.append("{\"Response\":");
        if (fields.isEmpty()) {
            json.append("null");
        }
        fields.forEach((field, value) -> {
            json.append("{\"").append(choice(field)).append("\":");
            value(json, field, value);
            json.append('}');
        });
        json.append('}');
    }

    /** {@code response_range} is {@code ResponseRange}. */
    private static String choice(FieldDescriptor field) {
        return switch (field.getNumber()) {
            case ResponseOp.RESPONSE_RANGE_FIELD_NUMBER -> "ResponseRange";
            case ResponseOp.RESPONSE_PUT_FIELD_NUMBER -> "ResponsePut";
            case ResponseOp.RESPONSE_DELETE_RANGE_FIELD_NUMBER -> "ResponseDeleteRange";
            default -> "ResponseTxn";
        };
    }
}
