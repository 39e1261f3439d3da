package io.skerry.etcd.server.api.v2;

import io.skerry.base.http.HttpCall;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodePath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what while authentication is on: users by name and password, or by the name in their
 * certificate where clients must show one; whoever says nothing has the role guest.
 */
final class AccessControl {
    private static final String BASIC = "basic ";

    private final UserStore users;
    private final PasswordCheck passwords;
    private final boolean certificatesCount;

    /**
     * @param certificatesCount whether names in clients' certificates are users'
     */
    AccessControl(UserStore users, PasswordCheck passwords, boolean certificatesCount) {
        this.users = users;
        this.passwords = passwords;
        this.certificatesCount = certificatesCount;
    }

    /** Whether a request may read or write a key. */
    boolean toKey(HttpCall call, NodePath path, boolean recursive)
            throws NodeErrorException, InterruptedException {
        if (!users.enabled()) {
            return true;
        }
        boolean writing = !call.method().equals("GET") && !call.method().equals("HEAD");
        // A slash at the end is part of what a pattern like /a/* is compared with.
        boolean slash = call.path().endsWith("/") && !path.root();
        String key = path.text() + (slash ? "/" : "");
        var user = caller(call);
        if (user == null) {
            return call.header("authorization") == null
                    && allows(Role.GUEST_NAME, key, writing, recursive);
        }
        for (String role : user.roleNames()) {
            if (allows(role, key, writing, recursive)) {
                return true;
            }
        }
        return false;
    }

    private boolean allows(String role, String key, boolean writing, boolean recursive)
            throws NodeErrorException {
        try {
            return users.role(role).value().allows(key, writing, recursive);
        } catch (AuthException e) {
            // A role that has been deleted gives nothing.
            return false;
        }
    }

    /** Whether the caller has the role root, or authentication is off. */
    boolean root(HttpCall call) throws NodeErrorException, InterruptedException {
        if (!users.enabled()) {
            return true;
        }
        var user = caller(call);
        return user != null && user.roleNames().contains(Role.ROOT_NAME);
    }

    /** Who sends the request; null if that is not said, or not proven. */
    private @Nullable User caller(HttpCall call) throws NodeErrorException, InterruptedException {
        String authorization = call.header("authorization");
        if (authorization == null) {
            String name = certificatesCount ? commonName(call) : null;
            return name == null ? null : find(name);
        }
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return null;
        }
        String text;
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
            text = new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = text.indexOf(':');
        var user = colon < 0 ? null : find(text.substring(0, colon));
        return user != null && passwords.matches(user, text.substring(colon + 1)) ? user : null;
    }

    private @Nullable User find(String name) throws NodeErrorException {
        try {
            return name.isEmpty() || name.contains("/") ? null : users.user(name).value();
        } catch (AuthException e) {
            return null;
        }
    }

    private static @Nullable String commonName(HttpCall call) {
        var certificate = call.peerCertificate();
        if (certificate == null) {
            return null;
        }
        try {
            var name = new LdapName(certificate.getSubjectX500Principal().getName());
            return name.getRdns().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(part -> String.valueOf(part.getValue()))
                    .findFirst()
                    .orElse(null);
        } catch (InvalidNameException e) {
            return null;
        }
    }
}
