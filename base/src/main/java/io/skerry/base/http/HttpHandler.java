package io.skerry.base.http;

/**
 * Answers one request; runs on a virtual thread of its own and may block.
 *
 * <p>An {@link HttpError} becomes its status through the router's error body; any other exception
 * is logged and becomes 500. The thread is interrupted when the listener closes.
 */
@FunctionalInterface
public interface HttpHandler {
    HttpReply handle(HttpCall call) throws Exception;
}
