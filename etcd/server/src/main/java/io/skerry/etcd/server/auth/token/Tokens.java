package io.skerry.etcd.server.auth.token;

import io.skerry.base.time.MonotonicClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes tokens and tells whose they are. Thread-safe. */
public sealed interface Tokens permits SimpleTokens, JwtTokens {

    /**
     * Whose token it is.
     *
     * @param revision of the user's authentication; 0 if the token carries none, because it counts
     *     as long as it is known at all
     */
    record Holder(String user, long revision) {}

    /**
     * Tokens as they are specified.
     *
     * @param simpleTtl how long a simple token lives after its last use
     * @throws IOException names the key file that cannot be used, and why
     */
    static Tokens of(TokenSpec spec, Duration simpleTtl) throws IOException {
        return switch (spec) {
            case TokenSpec.Simple() -> new SimpleTokens(MonotonicClock.system(), simpleTtl);
            case TokenSpec.Jwt jwt -> JwtTokens.open(jwt, Clock.systemUTC());
        };
    }

    /** The holder of a token, which counts as a use; null if it is unknown, forged or expired. */
    @Nullable Holder find(String token);

    /**
     * A new token for a user who proved itself.
     *
     * @return null if this member has no key to sign it
     */
    @Nullable String create(String user, long revision);

    /** Whether a token counts only after every member was told of it by the log. */
    boolean kept();

    /** A token that the log gave to a user. */
    void assigned(String user, String token);

    /** Forgets the user's tokens. */
    void forget(String user);

    /** Forgets all tokens. */
    void forgetAll();
}
