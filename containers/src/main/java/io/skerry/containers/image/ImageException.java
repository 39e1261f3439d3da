package io.skerry.containers.image;

import java.io.IOException;

/** An image or an archive of one is not what it should be; the message says what to do. */
public final class ImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public ImageException(String message) {
        super(message);
    }

    ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
