package io.skerry.fleet.model;

import java.util.regex.Pattern;

/**
 * A pattern of unit names: {@code *} any characters, {@code ?} one character, {@code [a-z]} or
 * {@code [^a-z]} one of a set, {@code \} takes the next character as it is. The whole name must
 * match.
 */
public record Glob(String text, Pattern pattern) {
    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when a set is not closed or the last character is a
     *     backslash
     */
    public static Glob of(String text) {
        return new Glob(text, Pattern.compile(translate(text), Pattern.DOTALL));
    }

    /** True when the whole name fits. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    private static String translate(String text) {
        var regex = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> {
                    if (i == text.length()) {
                        throw new IllegalArgumentException("ends with a lone backslash");
                    }
                    regex.append(Pattern.quote(text.substring(i, ++i)));
                }
                case '[' -> {
                    int end = text.indexOf(']', i + 1);
                    if (end < 0) {
                        throw new IllegalArgumentException("has a [ without its ]");
                    }
                    regex.append(set(text.substring(i, end)));
                    i = end + 1;
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static String set(String members) {
        boolean negated = members.startsWith("^") || members.startsWith("!");
        String rest = negated ? members.substring(1) : members;
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("has an empty set");
        }
        for (int i = 1; i + 1 < rest.length(); i++) {
            if (rest.charAt(i) == '-' && rest.charAt(i - 1) > rest.charAt(i + 1)) {
                throw new IllegalArgumentException("has a set that counts backwards");
            }
        }
        // Every regex metacharacter but the range's hyphen is taken literally.
        return "[" + (negated ? "^" : "") + rest.replaceAll("[\\\\\\[\\]&^]", "\\\\$0") + "]";
    }

    // Two patterns are the same when they read the same; java.util.regex.Pattern has no equality.
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
