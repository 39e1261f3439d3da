package io.skerry.etcd.ctl.flag;

/**
 * A flag.
 *
 * @param name without its dashes
 * @param letter its short form, or 0
 * @param fallback its value when it is not given
 */
public record Flag(String name, char letter, Kind kind, String fallback, String summary) {
    /** What a flag's value may be. */
    public enum Kind {
        TEXT,
        /** Takes no word of its own, only {@code =value}. */
        SWITCH,
        NUMBER,
        DURATION
    }

    public static Flag text(String name, String fallback, String summary) {
        return new Flag(name, '\0', Kind.TEXT, fallback, summary);
    }

    public static Flag on(String name, String summary) {
        return new Flag(name, '\0', Kind.SWITCH, "false", summary);
    }

    public static Flag number(String name, long fallback, String summary) {
        return new Flag(name, '\0', Kind.NUMBER, Long.toString(fallback), summary);
    }

    public static Flag duration(String name, String fallback, String summary) {
        return new Flag(name, '\0', Kind.DURATION, fallback, summary);
    }

    /** The same with a short form. */
    public Flag letter(char shortForm) {
        return new Flag(name, shortForm, kind, fallback, summary);
    }

    /** The same, on unless it is said otherwise. */
    public Flag onAlready() {
        return new Flag(name, letter, kind, "true", summary);
    }

    /** Its line in a help. */
    public String line() {
        String names = (letter == 0 ? "    --" : "-" + letter + ", --") + name;
        boolean shown = !fallback.isEmpty() && !fallback.equals("false");
        return "  %-30s %s%s%n"
                .formatted(names, summary, shown ? " (default: " + fallback + ")" : "");
    }
}
