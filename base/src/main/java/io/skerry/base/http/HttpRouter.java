package io.skerry.base.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Routes by method and path pattern. Filled where a server is wired and not changed after the
 * listener has started. A literal segment wins over a parameter, whatever the order of
 * registration.
 */
public final class HttpRouter {
    /** Method of a route that takes every method and tells by itself which it allows. */
    private static final String ANY = "*";

    private record Entry(
            String method, PathPattern pattern, HttpHandler handler, RouteRules rules) {}

    /**
     * What a route takes.
     *
     * @param contentTypes media types the body may have, without parameters; empty: any. Requests
     *     without a body are not asked.
     */
    record RouteRules(List<String> contentTypes) {}

    /** What a lookup found. */
    sealed interface Match {
        record Found(HttpHandler handler, Map<String, String> parameters, RouteRules rules)
                implements Match {}

        record WrongMethod(Collection<String> allowed) implements Match {}

        record NotFound() implements Match {}
    }

    private record SocketEntry(
            PathPattern pattern, List<String> subprotocols, WebSocketHandler handler) {}

    /**
     * Where a WebSocket may be opened.
     *
     * @param subprotocols those that are agreed to when the client offers them
     */
    record Socket(
            WebSocketHandler handler, Map<String, String> parameters, List<String> subprotocols) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<SocketEntry> sockets = new ArrayList<>();
    private BrowserRules browsers = BrowserRules.SILENT;
    private HttpError.Body errors = (status, message) -> HttpReply.text(status, message + "\n");

    /**
     * Adds a route.
     *
     * @param method e.g. GET; a GET route also answers HEAD
     * @param pattern e.g. {@code /fleet/v1/units/{name}}; {@code {rest...}} at the end matches any
     *     number of segments, also none
     */
    public HttpRouter route(String method, String pattern, HttpHandler handler) {
        return add(method, pattern, handler, List.of());
    }

    /** Adds a route for all methods, for an API that refuses methods in words of its own. */
    public HttpRouter any(String pattern, HttpHandler handler) {
        return add(ANY, pattern, handler, List.of());
    }

    /** Adds a route whose body must be of one of these media types; others get 415. */
    public HttpRouter route(
            String method, String pattern, List<String> contentTypes, HttpHandler handler) {
        return add(method, pattern, handler, List.copyOf(contentTypes));
    }

    /**
     * Adds a path where a GET may open a WebSocket; another request to it is routed as any.
     *
     * @param subprotocols those that are agreed to when the client offers them
     */
    public HttpRouter socket(String pattern, List<String> subprotocols, WebSocketHandler handler) {
        sockets.add(
                new SocketEntry(PathPattern.parse(pattern), List.copyOf(subprotocols), handler));
        return this;
    }

    /** Sets how errors are written, also those of the listener itself (404, 405, 413, 415, 500). */
    public HttpRouter errors(HttpError.Body body) {
        errors = body;
        return this;
    }

    /** Sets which pages and by which names of hosts the routes may be asked. */
    public HttpRouter browsers(BrowserRules rules) {
        browsers = rules;
        return this;
    }

    BrowserRules browsers() {
        return browsers;
    }

    private HttpRouter add(
            String method, String pattern, HttpHandler handler, List<String> contentTypes) {
        var parsed = PathPattern.parse(pattern);
        for (Entry e : entries) {
            if (e.method.equals(method) && e.pattern.equals(parsed)) {
                throw new IllegalArgumentException(
                        "route " + method + " " + pattern + " is there twice");
            }
        }
        entries.add(new Entry(method, parsed, handler, new RouteRules(contentTypes)));
        return this;
    }

    HttpReply error(int status, String message) {
        return errors.reply(status, message);
    }

    /** What a WebSocket at a raw (still encoded) path is for; null if there is none. */
    @Nullable Socket socket(String rawPath) {
        for (SocketEntry e : sockets) {
            Map<String, String> matched = e.pattern.match(rawPath);
            if (matched != null) {
                return new Socket(e.handler, matched, e.subprotocols);
            }
        }
        return null;
    }

    /** Finds the most specific route for a raw (still encoded) path. */
    Match find(String method, String rawPath) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        @Nullable Entry best = null;
        @Nullable Map<String, String> parameters = null;
        var allowed = new TreeSet<String>();
        for (Entry e : entries) {
            Map<String, String> matched = e.pattern.match(rawPath);
            if (matched == null) {
                continue;
            }
            allowed.add(e.method);
            if ((e.method.equals(wanted) || e.method.equals(ANY))
                    && (best == null || e.pattern.moreSpecificThan(best.pattern))) {
                best = e;
                parameters = matched;
            }
        }
        if (best != null && parameters != null) {
            return new Match.Found(best.handler, parameters, best.rules);
        }
        return allowed.isEmpty() ? new Match.NotFound() : new Match.WrongMethod(allowed);
    }
}
