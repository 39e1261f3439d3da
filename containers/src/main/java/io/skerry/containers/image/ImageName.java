package io.skerry.containers.image;

import java.util.regex.Pattern;

/** What an image is called on a cluster, e.g. {@code busybox} or {@code example.org/web:2}. */
public record ImageName(String value) {
    private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern ALLOWED =
            Pattern.compile(
                    PART + "(?::[0-9]+(?=/))?(?:/" + PART + ")*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?");
    private static final int MOST_CHARACTERS = 200;

    public ImageName {
        if (value.length() > MOST_CHARACTERS || !ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + value
                            + "' cannot be the name of an image: letters and digits, with . _ - /"
                            + " and : between them, beginning with a small letter or a digit, at"
                            + " most "
                            + MOST_CHARACTERS
                            + " characters, for instance busybox or example.org/web:2");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
