package io.skerry.etcd.server.auth.token;

import io.skerry.base.time.MonotonicClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Random tokens in this member's memory. The log tells each member of them; each lets one expire by
 * its own clock when it was not used there for a while, and forgets all when it restarts: clients
 * then log in anew.
 */
public final class SimpleTokens implements Tokens {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int LENGTH = 32;
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private final SecureRandom random = new SecureRandom();
    private final MonotonicClock clock;
    private final Duration ttl;
    private final Map<String, Kept> tokens = new ConcurrentHashMap<>();
    private volatile Duration nextSweep;

    private record Kept(String user, Duration until) {}

    /**
     * @param ttl how long a token lives after its last use
     */
    public SimpleTokens(MonotonicClock clock, Duration ttl) {
        this.clock = clock;
        this.ttl = ttl;
        this.nextSweep = clock.now();
    }

    @Override
    public @Nullable Holder find(String token) {
        var now = clock.now();
        var kept =
                tokens.computeIfPresent(
                        token,
                        (_, old) ->
                                old.until.compareTo(now) < 0
                                        ? null
                                        : new Kept(old.user, now.plus(ttl)));
        return kept == null ? null : new Holder(kept.user, 0);
    }

    @Override
    public String create(String user, long revision) {
        var token = new StringBuilder(LENGTH);
        random.ints(LENGTH, 0, LETTERS.length()).forEach(i -> token.append(LETTERS.charAt(i)));
        return token.toString();
    }

    @Override
    public boolean kept() {
        return true;
    }

    @Override
    public void assigned(String user, String token) {
        var now = clock.now();
        sweep(now);
        tokens.put(token, new Kept(user, now.plus(ttl)));
    }

    /** Tokens that nobody shows again would stay for ever otherwise. */
    private void sweep(Duration now) {
        if (now.compareTo(nextSweep) >= 0) {
            nextSweep = now.plus(SWEEP_INTERVAL);
            tokens.values().removeIf(kept -> kept.until.compareTo(now) < 0);
        }
    }

    @Override
    public void forget(String user) {
        tokens.values().removeIf(kept -> kept.user.equals(user));
    }

    @Override
    public void forgetAll() {
        tokens.clear();
    }
}
