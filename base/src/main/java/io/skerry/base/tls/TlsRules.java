package io.skerry.base.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a TLS connection beyond a certificate of a trusted authority.
 *
 * @param revocations a list of revoked certificates (CRL, PEM or DER), read again when it changes;
 *     whoever shows one of them is refused
 * @param commonNames the other side's certificate must have one of these as its common name; empty:
 *     any
 * @param hosts the other side's certificate must be valid for one of these hosts; empty: any
 * @param protocols versions offered, newest first
 * @param cipherSuites suites of TLS 1.2 offered, by their IANA names; empty: those of the JDK. The
 *     suites of TLS 1.3 are always offered with it.
 * @param unverified take any certificate; only for members that make their own
 */
public record TlsRules(
        @Nullable Path revocations,
        List<String> commonNames,
        List<String> hosts,
        List<String> protocols,
        List<String> cipherSuites,
        boolean unverified) {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";
    private static final List<String> TLS_1_3_SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /** TLS 1.2 and newer, nothing else asked. */
    public static final TlsRules DEFAULT =
            new TlsRules(null, List.of(), List.of(), List.of(TLS_1_3, TLS_1_2), List.of(), false);

    public TlsRules {
        commonNames = List.copyOf(commonNames);
        hosts = List.copyOf(hosts);
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("no version of TLS is left to offer");
        }
        // Only then are they asked for: the JDK reads all of the system's authorities to tell.
        Set<String> known = cipherSuites.isEmpty() ? Set.of() : knownSuites();
        for (String suite : cipherSuites) {
            if (!known.contains(suite)) {
                throw new IllegalArgumentException(
                        "cipher suite \"" + suite + "\" is not known; known are " + known);
            }
        }
    }

    /** Suites of TLS 1.2 that the JDK offers by default, which are those without known flaws. */
    private static Set<String> knownSuites() {
        try {
            var suites =
                    new TreeSet<>(
                            Arrays.asList(
                                    javax.net.ssl.SSLContext.getDefault()
                                            .getDefaultSSLParameters()
                                            .getCipherSuites()));
            TLS_1_3_SUITES.forEach(suites::remove);
            suites.remove("TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
            return suites;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /**
     * The versions from one to another.
     *
     * @param oldest TLS1.2 or TLS1.3; empty: TLS1.2
     * @param newest the same; empty: the newest there is
     * @param names what the two are called, for the message
     */
    public static List<String> protocols(String oldest, String newest, String names) {
        var all = List.of(TLS_1_2, TLS_1_3);
        int from = oldest.isEmpty() ? 0 : position(all, oldest, names);
        int to = newest.isEmpty() ? all.size() - 1 : position(all, newest, names);
        if (from > to) {
            throw new IllegalArgumentException(
                    names + ": the oldest version " + oldest + " is newer than " + newest);
        }
        return all.subList(from, to + 1).reversed();
    }

    private static int position(List<String> all, String version, String names) {
        int found = all.indexOf(version.replace("TLS", "TLSv"));
        if (found < 0) {
            throw new IllegalArgumentException(
                    names + ": \"" + version + "\" must be TLS1.2 or TLS1.3");
        }
        return found;
    }

    /** Versions in the JDK's order of preference. */
    public String[] protocolArray() {
        return protocols.toArray(String[]::new);
    }

    /** The suites to enable; null for the JDK's own choice. */
    public @Nullable List<String> enabledSuites() {
        if (cipherSuites.isEmpty()) {
            return null;
        }
        var enabled = new ArrayList<String>();
        if (protocols.contains(TLS_1_3)) {
            enabled.addAll(TLS_1_3_SUITES);
        }
        enabled.addAll(cipherSuites);
        return enabled;
    }

    /** Whether the other side's certificate must fulfil more than having a trusted issuer. */
    boolean askMore() {
        return revocations != null || !commonNames.isEmpty() || !hosts.isEmpty();
    }
}
