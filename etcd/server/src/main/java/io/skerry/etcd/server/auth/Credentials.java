package io.skerry.etcd.server.auth;

import java.security.cert.X509Certificate;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a call shows of who is calling. A token wins over a certificate.
 *
 * @param token what {@code Authenticate} answered; null if none is shown
 * @param commonName of a certificate that was verified and may be used for this; null if none
 */
public record Credentials(@Nullable String token, @Nullable String commonName) {
    public static final Credentials NONE = new Credentials(null, null);

    private static final String BEARER = "Bearer ";

    /** A token as it stands in the metadata {@code token} or a header {@code Authorization}. */
    public static Credentials ofToken(String header) {
        return new Credentials(
                header.startsWith(BEARER) ? header.substring(BEARER.length()) : header, null);
    }

    /** The subject's common name; the last if there are several, as in etcd. */
    public static Credentials ofCertificate(X509Certificate certificate) {
        return new Credentials(null, commonName(certificate.getSubjectX500Principal()));
    }

    private static String commonName(X500Principal subject) {
        String found = "";
        try {
            for (var part : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
                var attribute = part.toAttributes().get("CN");
                if (attribute != null) {
                    found = String.valueOf(attribute.get());
                }
            }
        } catch (NamingException e) {
            throw new IllegalArgumentException("subject " + subject + " cannot be read", e);
        }
        return found;
    }
}
