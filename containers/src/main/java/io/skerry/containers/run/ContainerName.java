package io.skerry.containers.run;

import java.util.regex.Pattern;

/** What a container is called: its unit's name without {@code .service}. */
public record ContainerName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");
    private static final String SUFFIX = ".service";

    public ContainerName {
        if (!ALLOWED.matcher(value).matches() || value.endsWith(SUFFIX)) {
            throw new IllegalArgumentException(
                    "'"
                            + value
                            + "' cannot be the name of a container: up to 64 letters, digits and"
                            + " _ . -, beginning with a letter or a digit, without .service");
        }
    }

    /** The container of a unit. */
    public static ContainerName ofUnit(String unit) {
        return new ContainerName(
                unit.endsWith(SUFFIX)
                        ? unit.substring(0, unit.length() - SUFFIX.length())
                        : unit + " (a unit that is no service)");
    }

    /** The unit that runs it. */
    public String unit() {
        return value + SUFFIX;
    }

    @Override
    public String toString() {
        return value;
    }
}
