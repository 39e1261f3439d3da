package io.skerry.fleet.api.schema;

import org.jspecify.annotations.Nullable;

/** The answer to a question for a unit's status: a text, and what systemctl ended with. */
public final class UnitStatus {
    /** The header with systemctl's exit status; hosts of older versions do not send it. */
    public static final String EXIT_STATUS = "x-skerry-exit-status";

    private UnitStatus() {}

    /**
     * Reads the header.
     *
     * @param value null: it is not there, and whoever sent the text has nothing more to say
     */
    public static int exitStatus(@Nullable String value) throws SchemaException {
        if (value == null) {
            return 0;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new SchemaException(
                    "header " + EXIT_STATUS + " must be an exit status, not '" + value + "'");
        }
    }
}
