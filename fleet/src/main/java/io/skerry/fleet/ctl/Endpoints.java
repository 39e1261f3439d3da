package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of one cluster's API; any of them will do.
 *
 * @param urls in the order in which they are tried; at least one
 * @param tls authority and client certificate for https addresses; null: the system's authorities,
 *     no certificate
 */
public record Endpoints(List<ListenUrl> urls, @Nullable TlsFiles tls) {
    public Endpoints {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("at least one address of the fleet API is needed");
        }
    }
}
