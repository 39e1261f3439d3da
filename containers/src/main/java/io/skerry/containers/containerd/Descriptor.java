package io.skerry.containers.containerd;

import java.util.regex.Pattern;

/**
 * Names content by what it is, as the OCI image specification defines it.
 *
 * @param digest {@code sha256:} and 64 hexadecimal digits
 * @param size in bytes
 */
public record Descriptor(String mediaType, String digest, long size) {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    public Descriptor {
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException(
                    "the digest \"" + digest + "\" is not sha256: and 64 hexadecimal digits");
        }
        if (size < 0) {
            throw new IllegalArgumentException("the size of " + digest + " is negative: " + size);
        }
    }

    Message message() {
        return Message.EMPTY.with(1, mediaType).with(2, digest).with(3, size);
    }

    static Descriptor of(Message message) {
        return new Descriptor(message.text(1), message.text(2), message.number(3));
    }
}
