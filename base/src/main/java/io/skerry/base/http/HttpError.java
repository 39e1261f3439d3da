package io.skerry.base.http;

/** Ends a request with an error status; the message is for the client. */
public final class HttpError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpError(int status, String message) {
        super(message, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(status + " is not an HTTP error status");
        }
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** How an API writes its errors: status and message to content type and body. */
    @FunctionalInterface
    public interface Body {
        HttpReply reply(int status, String message);
    }
}
