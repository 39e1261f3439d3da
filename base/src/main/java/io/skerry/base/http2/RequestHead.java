package io.skerry.base.http2;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a request. Requests of one connection that were sent with the same bytes
 * share one, which is never changed; so what was found out about it may be kept with it. Confined
 * to the connection's event loop.
 */
public final class RequestHead {
    private final Http2Headers headers;
    private final String method;
    private final String target;
    private @Nullable Object plan;

    private RequestHead(Http2Headers headers, String method, String target) {
        this.headers = headers;
        this.method = method;
        this.target = target;
    }

    /** Null when the request has no method or no path. */
    static @Nullable RequestHead of(Http2Headers headers) {
        CharSequence method = headers.method();
        CharSequence path = headers.path();
        return method == null || path == null
                ? null
                : new RequestHead(headers, method.toString(), path.toString());
    }

    public String method() {
        return method;
    }

    /** Path and query, as they were sent. */
    public String target() {
        return target;
    }

    /** The first field of a name in lower case; null if there is none. */
    public @Nullable String header(String name) {
        CharSequence value = headers.get(name);
        return value == null ? null : value.toString();
    }

    /** All fields but those that begin with a colon, in the order in which they were sent. */
    public void forEach(BiConsumer<String, String> field) {
        headers.forEach(header -> {
            String name = header.getKey().toString();
            if (!name.startsWith(":")) {
                field.accept(name, header.getValue().toString());
            }
        });
    }

    /** What {@link #plan(Object)} was given for these header fields; null at first. */
    public @Nullable Object plan() {
        return plan;
    }

    /** Keeps how requests with these header fields are handled. */
    public void plan(Object howHandled) {
        plan = howHandled;
    }
}
