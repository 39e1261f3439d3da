package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of one cluster's API; any of them will do.
 *
 * @param urls in the order in which they are tried; at least one
 * @param tls authority and client certificate for https addresses; null: the system's authorities,
 *     no certificate
 * @param access what a client without a certificate shows and believes
 */
public record Endpoints(List<ListenUrl> urls, @Nullable TlsFiles tls, Access access) {
    /**
     * How a client that has no certificate is known.
     *
     * @param token null: it shows none
     * @param authority vouches for the API's certificate; null: the system's authorities
     */
    public record Access(@Nullable String token, @Nullable Path authority) {
        static final Access NONE = new Access(null, null);

        /** Without the token. */
        @Override
        public String toString() {
            return "Access[" + authority + "]";
        }
    }

    /** For clients with a certificate, or sockets that need none. */
    public Endpoints(List<ListenUrl> urls, @Nullable TlsFiles tls) {
        this(urls, tls, Access.NONE);
    }

    public Endpoints {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("at least one address of the fleet API is needed");
        }
    }
}
