package io.skerry.fleet.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do. Each role may do all that those before it may. */
public enum Role {
    /** Lists, states, logs, the feed. */
    READ_ONLY,
    /** Units: submit, start, stop, destroy. */
    OPERATOR,
    /** Machines: their metadata, draining them, moving units among them. */
    ADMIN;

    /** As configuration and messages write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The role of that word. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }

    /** Whether this one may do what needs the other. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
