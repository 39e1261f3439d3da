package io.skerry.base.grpc;

import io.skerry.base.tls.TlsIdentity;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates a client believes that need not have one itself.
 *
 * @param authority PEM file of the authorities; null: the system's
 * @param verified false: any certificate is believed, whoever shows it
 */
public record ServerTrust(@Nullable Path authority, boolean verified) {
    void apply(HttpClientOptions http) throws IOException {
        if (!verified) {
            http.setTrustAll(true).setVerifyHost(false);
        } else if (authority != null) {
            http.setTrustOptions(TrustOptions.wrap(TlsIdentity.trustIn(authority)));
        }
    }
}
