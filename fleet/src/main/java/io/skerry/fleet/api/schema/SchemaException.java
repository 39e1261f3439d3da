package io.skerry.fleet.api.schema;

/** JSON that is not what was expected; the message says where and what is allowed. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    public SchemaException(String message) {
        super(message);
    }
}
