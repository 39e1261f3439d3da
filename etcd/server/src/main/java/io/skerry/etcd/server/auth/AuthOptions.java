package io.skerry.etcd.server.auth;

import io.skerry.etcd.server.auth.token.TokenSpec;
import java.time.Duration;

/**
 * How users log in, in the words of etcd's flags.
 *
 * @param token what tokens are ({@code --auth-token})
 * @param tokenTtl how long a simple token lives after its last use ({@code --auth-token-ttl})
 * @param bcryptCost each step doubles the work for a password ({@code --bcrypt-cost})
 * @param certificateNames whether the common name of a client's certificate is the user it is, when
 *     it shows no token or password ({@code --client-cert-auth})
 */
public record AuthOptions(
        TokenSpec token, Duration tokenTtl, int bcryptCost, boolean certificateNames) {
    public static final AuthOptions DEFAULT =
            new AuthOptions(new TokenSpec.Simple(), Duration.ofMinutes(5), 10, false);

    private static final int MIN_COST = 4;
    private static final int MAX_COST = 31;

    public AuthOptions {
        if (tokenTtl.toSeconds() < 1) {
            throw new IllegalArgumentException("--auth-token-ttl must be at least 1 second");
        }
        if (bcryptCost < MIN_COST || bcryptCost > MAX_COST) {
            throw new IllegalArgumentException(
                    "--bcrypt-cost: "
                            + bcryptCost
                            + " must be between "
                            + MIN_COST
                            + " and "
                            + MAX_COST);
        }
    }

    /** These, where certificates tell who clients are. */
    public AuthOptions byCertificates() {
        return new AuthOptions(token, tokenTtl, bcryptCost, true);
    }
}
