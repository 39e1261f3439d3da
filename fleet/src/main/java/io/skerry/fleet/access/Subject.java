package io.skerry.fleet.access;

import java.util.ArrayList;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Whom a rule is about. */
public sealed interface Subject {
    /** Certificates with that common name. */
    record CommonName(String name) implements Subject {}

    /** Certificates of that organisation. */
    record Organisation(String name) implements Subject {}

    /** Every certificate of the authority that is trusted. */
    record AnyCertificate() implements Subject {}

    /** Who shows neither a certificate nor a token. */
    record Anonymous() implements Subject {}

    /**
     * Reads {@code CN=name}, {@code O=organisation}, {@code *} or {@code anonymous}.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    static Subject parse(String text) {
        if (text.startsWith("CN=") && text.length() > 3) {
            return new CommonName(text.substring(3));
        }
        if (text.startsWith("O=") && text.length() > 2) {
            return new Organisation(text.substring(2));
        }
        return switch (text) {
            case "*" -> new AnyCertificate();
            case "anonymous" -> new Anonymous();
            default ->
                    throw new IllegalArgumentException(
                            "\""
                                    + text
                                    + "\" must be CN=name or O=organisation of a certificate, *"
                                    + " for any certificate, or anonymous");
        };
    }

    /**
     * What a certificate says of its owner.
     *
     * @param commonName empty: nothing
     */
    record Owner(String commonName, List<String> organisations) {
        /** Reads a distinguished name in the form of RFC 2253. */
        public static Owner of(String distinguishedName) {
            String commonName = "";
            List<String> organisations = new ArrayList<>();
            try {
                for (var part : new LdapName(distinguishedName).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        commonName = String.valueOf(part.getValue());
                    } else if (part.getType().equalsIgnoreCase("O")) {
                        organisations.add(String.valueOf(part.getValue()));
                    }
                }
            } catch (InvalidNameException e) {
                return new Owner("", List.of());
            }
            return new Owner(commonName, List.copyOf(organisations));
        }
    }

    /** Whether a rule about this one is about the owner of a certificate. */
    default boolean matches(Owner owner) {
        return switch (this) {
            case CommonName(String name) -> name.equals(owner.commonName());
            case Organisation(String name) -> owner.organisations().contains(name);
            case AnyCertificate any -> true;
            case Anonymous nobody -> false;
        };
    }
}
