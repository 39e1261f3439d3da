package io.skerry.fleet.store;

/** All keys from {@code start} to before {@code end}. */
public record KeyRange(String start, String end) {
    /** Refuses an interval that ends before it starts. */
    public KeyRange {
        if (start.compareTo(end) > 0) {
            throw new IllegalArgumentException("range start " + start + " lies after " + end);
        }
    }

    /** All keys under a directory, which must end with a slash. */
    public static KeyRange under(String directory) {
        return spanning(directory, directory);
    }

    /** All keys from the first directory to the last one, both included. */
    public static KeyRange spanning(String firstDirectory, String lastDirectory) {
        // '0' is the character after '/', so that this is the first key behind the directory.
        String end = lastDirectory.substring(0, lastDirectory.length() - 1) + '0';
        return new KeyRange(firstDirectory, end);
    }

    /** Exactly one key. */
    public static KeyRange only(String key) {
        return new KeyRange(key, key + '\0');
    }

    /** True when the key lies in it. */
    public boolean contains(String key) {
        return start.compareTo(key) <= 0 && key.compareTo(end) < 0;
    }
}
