package io.skerry.fleet.api.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The next piece of a JSON text, or a sentence that says what stands there instead. */
final class Tokens {
    private Tokens() {}

    /** The next value, which must be a string; null is taken for an empty one. */
    static String string(JsonParser json, String field) throws IOException, SchemaException {
        return switch (json.nextToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_NULL -> "";
            default -> throw new SchemaException("field '" + field + "' must be a string");
        };
    }

    /** Refuses any other next token. */
    static void expect(JsonParser json, JsonToken wanted, String what)
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
}
