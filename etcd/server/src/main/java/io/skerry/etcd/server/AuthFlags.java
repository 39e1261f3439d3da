package io.skerry.etcd.server;

import io.skerry.etcd.server.auth.AuthOptions;
import io.skerry.etcd.server.auth.token.TokenSpec;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How users log in. */
final class AuthFlags {
    @Option(
            names = {"--auth-token", "-auth-token"},
            defaultValue = "simple",
            paramLabel = "SPEC",
            description =
                    "What users show after login: simple, or jwt,sign-method=RS256,"
                            + "priv-key=FILE,pub-key=FILE,ttl=10m (default: ${DEFAULT-VALUE}).")
    private String authToken = "simple";

    @Option(
            names = {"--auth-token-ttl", "-auth-token-ttl"},
            defaultValue = "300",
            paramLabel = "SECONDS",
            description =
                    "How long a simple token lives after its last use (default: ${DEFAULT-VALUE}).")
    private long authTokenTtl = 300;

    @Option(
            names = {"--bcrypt-cost", "-bcrypt-cost"},
            defaultValue = "10",
            paramLabel = "COST",
            description =
                    "Work for one password, 4 to 31; each step doubles it"
                            + " (default: ${DEFAULT-VALUE}).")
    private int bcryptCost = 10;

    /** For picocli. */
    AuthFlags() {}

    /**
     * What they say.
     *
     * @param certificateNames whether names in certificates are users
     */
    AuthOptions options(boolean certificateNames) {
        return new AuthOptions(
                TokenSpec.parse(authToken),
                Duration.ofSeconds(authTokenTtl),
                bcryptCost,
                certificateNames);
    }
}
