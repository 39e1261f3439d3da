package io.skerry.systemd.unit;

import java.util.Optional;

/**
 * A complete unit name: {@code web.service}, the template {@code web@.service}, or an instance of
 * it, {@code web@1.service}. At most 255 characters of {@code A-Za-z0-9:_.\@-}, as systemd demands
 * (a longer one could not be a file).
 */
public record UnitName(String value) implements Comparable<UnitName> {
    private static final int MAX_LENGTH = 255;

    /** Refuses what systemd refuses, with a message for users. */
    public UnitName {
        String fault = fault(value);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** The name, if systemd takes it. */
    public static Optional<UnitName> parse(String value) {
        return fault(value).isEmpty() ? Optional.of(new UnitName(value)) : Optional.empty();
    }

    /**
     * The name as a user may type it: without a known suffix it means a service.
     *
     * @throws IllegalArgumentException when it is no unit name even then
     */
    public static UnitName ofArgument(String argument) {
        int dot = argument.lastIndexOf('.');
        boolean complete = dot >= 0 && UnitType.ofSuffix(argument.substring(dot + 1)).isPresent();
        return new UnitName(complete ? argument : argument + ".service");
    }

    /** What the name's suffix says. */
    public UnitType type() {
        return UnitType.ofSuffix(value.substring(value.lastIndexOf('.') + 1)).orElseThrow();
    }

    /** The name without its suffix ({@code %N}). */
    public String withoutSuffix() {
        return value.substring(0, value.lastIndexOf('.'));
    }

    /** The name up to the {@code @} or, when there is none, the suffix ({@code %p}). */
    public String prefix() {
        int at = value.indexOf('@');
        return at < 0 ? withoutSuffix() : value.substring(0, at);
    }

    /** The part between {@code @} and suffix ({@code %i}); empty for templates and plain names. */
    public String instance() {
        int at = value.indexOf('@');
        return at < 0 ? "" : withoutSuffix().substring(at + 1);
    }

    /** True for {@code web@.service}. */
    public boolean isTemplate() {
        return value.indexOf('@') >= 0 && instance().isEmpty();
    }

    /** True for {@code web@1.service}. */
    public boolean isInstance() {
        return !instance().isEmpty();
    }

    /** The template that an instance is made from. */
    public Optional<UnitName> template() {
        return isInstance()
                ? Optional.of(new UnitName(prefix() + "@." + type().suffix()))
                : Optional.empty();
    }

    /** True when this is an instance of the given template. */
    public boolean instanceOf(UnitName template) {
        return template().filter(template::equals).isPresent();
    }

    @Override
    public int compareTo(UnitName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String fault(String name) {
        if (name.length() > MAX_LENGTH) {
            return "unit name of "
                    + name.length()
                    + " characters; at most "
                    + MAX_LENGTH
                    + " are allowed";
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return "unit name '"
                        + name
                        + "' has '"
                        + name.charAt(i)
                        + "' in it; allowed are letters, digits and : _ . \\ @ -";
            }
        }
        int dot = name.lastIndexOf('.');
        if (dot < 0 || UnitType.ofSuffix(name.substring(dot + 1)).isEmpty()) {
            return "unit name '"
                    + name
                    + "' does not end with a unit type; use one of "
                    + UnitType.suffixes();
        }
        if (dot == 0 || name.charAt(0) == '@') {
            return "unit name '" + name + "' has nothing before its '" + name.charAt(0) + "'";
        }
        return "";
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ":_.\\@-".indexOf(c) >= 0;
    }
}
