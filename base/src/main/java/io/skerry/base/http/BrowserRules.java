package io.skerry.base.http;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may ask a server from within a browser (CORS), and by which names of hosts it may be
 * asked in clear text, so that no name that somebody else points at it makes one of his pages one
 * of its own.
 *
 * @param origins like {@code https://a.example:8443}; {@value #ANY} for all
 * @param hosts names or addresses without a port; {@value #ANY} for all
 */
public record BrowserRules(Set<String> origins, Set<String> hosts) {
    /** Stands for all. */
    public static final String ANY = "*";

    /** Nothing is said to browsers, which then keep other servers' pages off. */
    public static final BrowserRules SILENT = new BrowserRules(Set.of(), Set.of(ANY));

    public BrowserRules {
        origins = Set.copyOf(origins);
        hosts = Set.copyOf(hosts);
    }

    /** What every answer to a request says about the page that it comes from. */
    Map<String, String> headers(@Nullable String origin) {
        String allowed = origins.contains(ANY) ? ANY : origin;
        if (allowed == null || !origins.contains(allowed)) {
            return Map.of();
        }
        return Map.of(
                "Access-Control-Allow-Origin",
                allowed,
                "Access-Control-Allow-Methods",
                "POST, GET, OPTIONS, PUT, DELETE",
                "Access-Control-Allow-Headers",
                "accept, content-type, authorization");
    }

    /** Whether browsers may ask by OPTIONS what they may ask. */
    boolean answersOptions() {
        return !origins.isEmpty();
    }

    /**
     * Whether a server may be asked by this name.
     *
     * @param host the header, perhaps with a port
     */
    boolean allowsHost(@Nullable String host) {
        return hosts.contains(ANY) || (host != null && hosts.contains(withoutPort(host)));
    }

    /**
     * Whether a page may open a WebSocket. Browsers ask nobody before they do, other than for what
     * a page fetches, and let it read whatever comes.
     *
     * @param origin the header; none comes from who is no browser
     * @param host the header, perhaps with a port; its own pages are always allowed
     */
    boolean allowsPage(@Nullable String origin, @Nullable String host) {
        return origin == null
                || origins.contains(ANY)
                || origins.contains(origin)
                || (host != null && origin.replaceFirst("^https?://", "").equalsIgnoreCase(host));
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[") && host.contains("]")) {
            return host.substring(1, host.indexOf(']'));
        }
        int colon = host.indexOf(':');
        return colon < 0 || colon != host.lastIndexOf(':') ? host : host.substring(0, colon);
    }
}
