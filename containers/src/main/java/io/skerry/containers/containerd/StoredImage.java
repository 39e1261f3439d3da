package io.skerry.containers.containerd;

import java.time.Instant;

/**
 * A name for an image's manifest.
 *
 * @param updated when it was last given to that manifest
 */
public record StoredImage(String name, Descriptor target, Instant updated) {
    static StoredImage of(Message message) {
        Message time = message.message(8);
        return new StoredImage(
                message.text(1),
                Descriptor.of(message.message(3)),
                Instant.ofEpochSecond(time.number(1), time.number(2)));
    }
}
