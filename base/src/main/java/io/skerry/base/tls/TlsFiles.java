package io.skerry.base.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of one TLS identity. They are read again when they change.
 *
 * @param certificate own certificate, followed by its chain
 * @param key own private key, PKCS#8
 * @param trustedCa authorities that vouch for the other side; null: on a server no client
 *     certificate is asked for, on a client the system's authorities are trusted
 * @param clientCertificateRequired on a server: refuse clients without a certificate of {@code
 *     trustedCa} (otherwise it is asked for but optional); ignored on clients
 * @param rules what is asked beyond that
 */
public record TlsFiles(
        Path certificate,
        Path key,
        @Nullable Path trustedCa,
        boolean clientCertificateRequired,
        TlsRules rules) {
    public TlsFiles {
        if (trustedCa == null && !rules.unverified()) {
            if (clientCertificateRequired) {
                throw new IllegalArgumentException(
                        "client certificates are required but no trusted CA file is given to verify"
                                + " them");
            }
            if (rules.askMore()) {
                throw new IllegalArgumentException(
                        "revoked certificates or allowed names are given but no trusted CA file to"
                                + " verify certificates");
            }
        }
    }

    /** With the rules that hold when nothing else is said. */
    public TlsFiles(
            Path certificate,
            Path key,
            @Nullable Path trustedCa,
            boolean clientCertificateRequired) {
        this(certificate, key, trustedCa, clientCertificateRequired, TlsRules.DEFAULT);
    }
}
