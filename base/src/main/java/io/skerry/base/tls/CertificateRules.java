package io.skerry.base.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/** Looks at certificates that a trusted authority has issued: revoked, or of somebody else? */
final class CertificateRules {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final TlsRules rules;
    private final @Nullable FollowedFiles<Collection<? extends CRL>> revocations;

    CertificateRules(TlsRules rules) throws IOException {
        this.rules = rules;
        Path file = rules.revocations();
        this.revocations =
                file == null
                        ? null
                        : new FollowedFiles<>(List.of(file), _ -> readRevocations(file));
    }

    private static Collection<? extends CRL> readRevocations(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            var lists = CertificateFactory.getInstance("X.509").generateCRLs(in);
            if (lists.isEmpty()) {
                throw new GeneralSecurityException(
                        "file " + file + " holds no list of revoked certificates (CRL)");
            }
            return lists;
        }
    }

    void check(X509Certificate[] chain) throws CertificateException {
        if (revocations != null) {
            for (CRL list : revocations.current()) {
                for (X509Certificate certificate : chain) {
                    if (list.isRevoked(certificate)) {
                        throw new CertificateException(
                                "certificate "
                                        + certificate.getSerialNumber().toString(16)
                                        + " of "
                                        + certificate.getSubjectX500Principal()
                                        + " is revoked");
                    }
                }
            }
        }
        if (!rules.commonNames().isEmpty()
                && !rules.commonNames().contains(String.valueOf(commonName(chain[0])))) {
            throw new CertificateException(
                    "certificate of "
                            + chain[0].getSubjectX500Principal()
                            + " is not allowed: its common name must be one of "
                            + rules.commonNames());
        }
        if (!rules.hosts().isEmpty()
                && rules.hosts().stream().noneMatch(host -> validFor(chain[0], host))) {
            throw new CertificateException(
                    "certificate of "
                            + chain[0].getSubjectX500Principal()
                            + " is not allowed: it must be valid for one of "
                            + rules.hosts());
        }
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse(null);
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private static boolean validFor(X509Certificate certificate, String host) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateException e) {
            return false;
        }
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            String value = String.valueOf(name.get(1));
            boolean matches =
                    switch ((Integer) name.get(0)) {
                        case DNS_NAME -> dnsMatches(value, host);
                        case IP_ADDRESS -> value.equals(host);
                        default -> false;
                    };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    /** A name with {@code *.} in front stands for any one label there. */
    private static boolean dnsMatches(String pattern, String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        String known = pattern.toLowerCase(Locale.ROOT);
        if (!known.startsWith("*.")) {
            return known.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && wanted.substring(dot).equals(known.substring(1));
    }
}
