package io.skerry.etcd.server;

import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsRules;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how connections are secured, with etcd's names. */
final class TlsFlags {
    @Option(
            names = {"--cert-file", "-cert-file"},
            paramLabel = "FILE",
            description = "Certificate for clients.")
    private @Nullable Path certFile;

    @Option(
            names = {"--key-file", "-key-file"},
            paramLabel = "FILE",
            description = "Its key.")
    private @Nullable Path keyFile;

    @Option(
            names = {"--trusted-ca-file", "-trusted-ca-file"},
            paramLabel = "FILE",
            description = "Authority of clients' certificates; refuse clients without one.")
    private @Nullable Path trustedCaFile;

    @Option(
            names = {"--client-cert-auth", "-client-cert-auth"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description =
                    "Refuse clients without a certificate; its common name is the user who asks.")
    private boolean clientCertAuth;

    @Option(
            names = {"--client-crl-file", "-client-crl-file"},
            paramLabel = "FILE",
            description = "List of revoked clients' certificates (CRL).")
    private @Nullable Path clientCrlFile;

    @Option(
            names = {"--client-cert-allowed-hostname", "-client-cert-allowed-hostname"},
            split = ",",
            paramLabel = "HOST",
            description = "Refuse clients whose certificate is not valid for one of these hosts.")
    private List<String> clientAllowedHosts = List.of();

    @Option(
            names = {"--auto-tls", "-auto-tls"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description =
                    "Serve https URLs of clients with a certificate of the member's own making.")
    private boolean autoTls;

    @Option(
            names = {"--peer-cert-file", "-peer-cert-file"},
            paramLabel = "FILE",
            description = "Certificate for peers, in both directions.")
    private @Nullable Path peerCertFile;

    @Option(
            names = {"--peer-key-file", "-peer-key-file"},
            paramLabel = "FILE",
            description = "Its key.")
    private @Nullable Path peerKeyFile;

    @Option(
            names = {"--peer-trusted-ca-file", "-peer-trusted-ca-file"},
            paramLabel = "FILE",
            description = "Authority of peers' certificates.")
    private @Nullable Path peerTrustedCaFile;

    @Option(
            names = {"--peer-client-cert-auth", "-peer-client-cert-auth"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description = "Refuse peers without a certificate.")
    private boolean peerClientCertAuth;

    @Option(
            names = {"--peer-crl-file", "-peer-crl-file"},
            paramLabel = "FILE",
            description = "List of revoked peers' certificates (CRL).")
    private @Nullable Path peerCrlFile;

    @Option(
            names = {"--peer-cert-allowed-cn", "-peer-cert-allowed-cn"},
            split = ",",
            paramLabel = "NAME",
            description = "Refuse peers whose certificate has another common name.")
    private List<String> peerAllowedNames = List.of();

    @Option(
            names = {"--peer-cert-allowed-hostname", "-peer-cert-allowed-hostname"},
            split = ",",
            paramLabel = "HOST",
            description = "Refuse peers whose certificate is not valid for one of these hosts.")
    private List<String> peerAllowedHosts = List.of();

    @Option(
            names = {"--peer-auto-tls", "-peer-auto-tls"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description =
                    "Encrypt between peers with certificates of their own making, which proves"
                            + " nobody's identity.")
    private boolean peerAutoTls;

    @Option(
            names = {"--self-signed-cert-validity", "-self-signed-cert-validity"},
            defaultValue = "1",
            paramLabel = "YEARS",
            description = "How long such certificates hold (default: ${DEFAULT-VALUE}).")
    private int selfSignedYears = 1;

    @Option(
            names = {"--tls-min-version", "-tls-min-version"},
            defaultValue = "TLS1.2",
            paramLabel = "VERSION",
            description = "TLS1.2 or TLS1.3 (default: ${DEFAULT-VALUE}).")
    private String minVersion = "TLS1.2";

    @Option(
            names = {"--tls-max-version", "-tls-max-version"},
            defaultValue = "",
            paramLabel = "VERSION",
            description = "TLS1.2 or TLS1.3 (default: the newest).")
    private String maxVersion = "";

    @Option(
            names = {"--cipher-suites", "-cipher-suites"},
            split = ",",
            paramLabel = "SUITE",
            description = "Suites of TLS 1.2 to offer (default: those of the JDK).")
    private List<String> cipherSuites = List.of();

    /** Towards clients; null: clear text. */
    @Nullable TlsFiles client(OwnCertificates own) {
        Path certificate = Given.file(certFile);
        Path key = Given.file(keyFile);
        Path trusted = Given.file(trustedCaFile);
        var rules = rules(clientCrlFile, List.of(), clientAllowedHosts, false);
        if (autoTls && certificate == null && key == null) {
            refuseTrustWithAuto("", trusted, clientCertAuth);
            return own.files("client", selfSignedYears, rules);
        }
        // As with etcd, an authority is named so that nobody else comes in; as which user is
        // another question.
        boolean required = clientCertAuth || trusted != null;
        return tls("", certificate, key, trusted, required, rules);
    }

    /** Whether the name in a client's certificate says which user it is. */
    boolean clientCertificatesCount() {
        return clientCertAuth;
    }

    /** Towards peers, in both directions; null: clear text. */
    @Nullable TlsFiles peer(OwnCertificates own) {
        Path certificate = Given.file(peerCertFile);
        Path key = Given.file(peerKeyFile);
        Path trusted = Given.file(peerTrustedCaFile);
        if (peerAutoTls && certificate == null && key == null) {
            refuseTrustWithAuto("peer-", trusted, peerClientCertAuth);
            return own.files("peer", selfSignedYears, rules(null, List.of(), List.of(), true));
        }
        return tls(
                "peer-",
                certificate,
                key,
                trusted,
                // As with etcd, who is trusted is said so that nobody else comes in.
                peerClientCertAuth || trusted != null,
                rules(peerCrlFile, peerAllowedNames, peerAllowedHosts, false));
    }

    private TlsRules rules(
            @Nullable Path revocations,
            List<String> names,
            List<String> hosts,
            boolean unverified) {
        var protocols =
                TlsRules.protocols(minVersion, maxVersion, "--tls-min-version, --tls-max-version");
        try {
            return new TlsRules(
                    Given.file(revocations),
                    Given.list(names),
                    Given.list(hosts),
                    protocols,
                    Given.list(cipherSuites),
                    unverified);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--cipher-suites: " + e.getMessage(), e);
        }
    }

    private static void refuseTrustWithAuto(
            String prefix, @Nullable Path trusted, boolean required) {
        if (trusted != null || required) {
            throw new IllegalArgumentException(
                    "--%1$sauto-tls proves nobody's identity: --%1$strusted-ca-file and"
                                    .formatted(prefix)
                            + " --%sclient-cert-auth need --%scert-file and --%skey-file"
                                    .formatted(prefix, prefix, prefix));
        }
    }

    private static @Nullable TlsFiles tls(
            String prefix,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path trusted,
            boolean required,
            TlsRules rules) {
        if (certificate == null && key == null) {
            if (trusted != null || required) {
                throw new IllegalArgumentException(
                        "--%strusted-ca-file and --%sclient-cert-auth need --%scert-file and --%skey-file"
                                .formatted(prefix, prefix, prefix, prefix));
            }
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException(
                    "--%scert-file and --%skey-file must be given together"
                            .formatted(prefix, prefix));
        }
        return new TlsFiles(certificate, key, trusted, required, rules);
    }
}
