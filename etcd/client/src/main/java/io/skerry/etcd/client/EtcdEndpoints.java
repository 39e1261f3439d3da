package io.skerry.etcd.client;

import io.skerry.base.grpc.ServerTrust;
import io.skerry.base.tls.TlsFiles;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is.
 *
 * @param uris members' client URLs
 * @param tls the client's certificate and the trusted authority, for https
 * @param requestTimeout after which a request fails, retries included
 * @param user who asks a store that has authentication enabled; null: nobody in particular, or whom
 *     the certificate names
 * @param trust whom to believe without a certificate of one's own; null: as {@code tls} says
 */
public record EtcdEndpoints(
        List<URI> uris,
        @Nullable TlsFiles tls,
        Duration requestTimeout,
        @Nullable EtcdUser user,
        @Nullable ServerTrust trust) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    public EtcdEndpoints {
        uris = List.copyOf(uris);
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("at least one endpoint of the store is needed");
        }
    }

    /** Those of a store that needs no user. */
    public EtcdEndpoints(List<URI> uris, @Nullable TlsFiles tls, Duration requestTimeout) {
        this(uris, tls, requestTimeout, null, null);
    }

    /** The same, asked by a user. */
    public EtcdEndpoints as(EtcdUser asking) {
        return new EtcdEndpoints(uris, tls, requestTimeout, asking, trust);
    }

    /** The same, for a client that has no certificate and believes those of some authority. */
    public EtcdEndpoints trusting(ServerTrust believed) {
        return new EtcdEndpoints(uris, tls, requestTimeout, user, believed);
    }

    /** Reads a comma-separated list as etcd's own clients take it. */
    public static EtcdEndpoints parse(String commaSeparated, @Nullable TlsFiles tls) {
        List<URI> uris =
                Arrays.stream(commaSeparated.split(",", -1))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .map(URI::create)
                        .toList();
        return new EtcdEndpoints(uris, tls, DEFAULT_TIMEOUT);
    }
}
