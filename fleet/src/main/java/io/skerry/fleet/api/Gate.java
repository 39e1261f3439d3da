package io.skerry.fleet.api;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpError;
import io.skerry.base.log.Log;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Subject;
import io.skerry.fleet.access.Token;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;

/** Lets requests in by the role of who asks, and keeps a line of each change in the log. */
final class Gate {
    private static final Log LOG = Log.of(Gate.class);
    private static final String BEARER = "bearer ";

    private final AccessRules rules;

    Gate(AccessRules rules) {
        this.rules = rules;
    }

    /**
     * Who asks.
     *
     * @param role empty: none
     */
    record Caller(String name, Optional<Role> role) {
        String described() {
            return name + role.map(known -> " (" + known.word() + ")").orElse("");
        }
    }

    /**
     * Who asks, if they may.
     *
     * @throws HttpError 401 for a token that is not known, 403 when the role does not allow it
     */
    Caller admit(HttpCall call, Role needed) throws HttpError {
        Caller caller = caller(call);
        if (caller.role().filter(role -> role.includes(needed)).isEmpty()) {
            LOG.warn(
                    "refused",
                    "who",
                    caller.described(),
                    "from",
                    from(call),
                    "what",
                    what(call),
                    "needs",
                    needed.word());
            throw new HttpError(
                    403,
                    caller.described()
                            + " may not do this: "
                            + call.method()
                            + " here needs the role "
                            + needed.word());
        }
        return caller;
    }

    /**
     * Tells of changes that were asked for, whatever came of them, as if each had been asked for by
     * itself.
     *
     * @param units what the request names beside its path; empty: the path says it all
     */
    void note(Caller caller, HttpCall call, NamedUnits units, int status) {
        if (units.isEmpty()) {
            note(caller, call, what(call), status);
        }
        units.forEach(status, (unit, its) -> note(caller, call, what(call) + "/" + unit, its));
    }

    private static void note(Caller caller, HttpCall call, String what, int status) {
        LOG.info(
                "change",
                "who",
                caller.described(),
                "from",
                from(call),
                "what",
                what,
                "status",
                status);
    }

    private Caller caller(HttpCall call) throws HttpError {
        String authorization = call.header("authorization");
        if (authorization != null) {
            return ofToken(call, authorization);
        }
        X509Certificate certificate = call.peerCertificate();
        if (certificate != null) {
            String name = certificate.getSubjectX500Principal().getName();
            var owner = Subject.Owner.of(name);
            return new Caller(
                    owner.commonName().isEmpty() ? name : owner.commonName(), rules.of(owner));
        }
        if (local(call)) {
            return new Caller("local", Optional.of(Role.ADMIN));
        }
        return new Caller("anonymous", rules.ofAnonymous());
    }

    private Caller ofToken(HttpCall call, String authorization) throws HttpError {
        boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
        Optional<Token> token =
                bearer
                        ? rules.token(authorization.substring(BEARER.length()).strip())
                        : Optional.empty();
        if (token.isEmpty()) {
            LOG.warn("unknown token", "from", from(call), "what", what(call));
            throw new HttpError(
                    401, bearer ? "the token is not known here" : "only Bearer tokens are taken");
        }
        return new Caller(token.get().name(), Optional.of(token.get().role()));
    }

    /** The Unix socket, which only its group and root may open, has no address on the far side. */
    private static boolean local(HttpCall call) {
        return !call.remoteAddress().matches(".*:[0-9]+");
    }

    private static String from(HttpCall call) {
        return local(call) ? "socket" : call.remoteAddress();
    }

    private static String what(HttpCall call) {
        return call.method() + " " + call.path();
    }
}
