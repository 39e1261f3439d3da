package io.skerry.base.http;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, wholly read.
 *
 * @param path the decoded path without the query
 * @param parameters what the {@code {names}} of the route's pattern matched, decoded
 * @param query decoded query parameters in order; a name without {@code =} has the value ""
 * @param headers by lower-case name
 * @param peerCertificate the verified certificate of the client; null when it showed none
 */
public record HttpCall(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Map<String, String> headers,
        ByteString body,
        @Nullable X509Certificate peerCertificate,
        String remoteAddress) {

    /** The first value of a query parameter; null when it is absent. */
    public @Nullable String queryValue(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    /** A path parameter that the route's pattern names. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no path parameter " + name);
        }
        return value;
    }

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public String bodyText() {
        return body.toStringUtf8();
    }
}
