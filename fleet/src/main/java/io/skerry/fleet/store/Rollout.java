package io.skerry.fleet.store;

import java.util.regex.Pattern;

/**
 * One of several units that get new files one after the other.
 *
 * @param id what they have in common; chosen by who asks for it
 * @param position the lower ones come first, by name among equals
 */
public record Rollout(String id, int position) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** Refuses an id that cannot be told from words. */
    public Rollout {
        if (!ID.matcher(id).matches() || position < 0) {
            throw new IllegalArgumentException(
                    "rollout '" + id + "' is not usable: 1 to 64 letters, digits, _ . or -");
        }
    }
}
