package io.skerry.systemd.unit;

/**
 * The specifiers that depend on nothing but a unit's name: {@code %n} the full name, {@code %N} the
 * name without its suffix, {@code %p} the prefix, {@code %i} the instance, {@code %%} a percent
 * sign. Any other one is left as it stands, for systemd on the unit's host to resolve.
 */
public final class Specifiers {
    private Specifiers() {}

    /** The text with the name's specifiers replaced. */
    public static String resolve(String text, UnitName unit) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var resolved = new StringBuilder(text.length() + 32);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%' || i + 1 == text.length()) {
                resolved.append(c);
                continue;
            }
            char specifier = text.charAt(++i);
            switch (specifier) {
                case 'n' -> resolved.append(unit.value());
                case 'N' -> resolved.append(unit.withoutSuffix());
                case 'p' -> resolved.append(unit.prefix());
                case 'i' -> resolved.append(unit.instance());
                case '%' -> resolved.append('%');
                default -> resolved.append('%').append(specifier);
            }
        }
        return resolved.toString();
    }
}
