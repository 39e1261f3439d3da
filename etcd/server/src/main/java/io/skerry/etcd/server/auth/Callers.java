package io.skerry.etcd.server.auth;

import io.skerry.etcd.server.auth.token.Tokens;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a call shows into its caller. All APIs go through it. A token that this member does
 * not know, or for which it sees no reason because authentication is disabled here, is looked at
 * again when the member has caught up with the log: another member may have given it a moment ago.
 */
public final class Callers implements AuthListener {
    private static final CompletableFuture<Caller> NOBODY =
            CompletableFuture.completedFuture(Caller.NOBODY);

    private final Supplier<AuthState> state;
    private final ReplicatedLog log;
    private final Tokens tokens;

    /**
     * @param state the newest state that this member shows to readers
     */
    public Callers(Supplier<AuthState> state, ReplicatedLog log, Tokens tokens) {
        this.state = state;
        this.log = log;
        this.tokens = tokens;
    }

    /**
     * Completes with the caller: {@link Caller#NOBODY} if nothing is shown or authentication is
     * disabled. Fails with {@code UNAUTHENTICATED} for a token that does not count.
     */
    public CompletionStage<Caller> resolve(Credentials credentials) {
        var token = credentials.token();
        var now = state.get();
        if (token == null) {
            var name = credentials.commonName();
            return now.enabled() && name != null
                    ? CompletableFuture.completedFuture(new Caller(name, now.revision()))
                    : NOBODY;
        }
        var caller = now.enabled() ? find(token, now) : null;
        return caller != null
                ? CompletableFuture.completedFuture(caller)
                : log.readIndex().thenCompose(_ -> resolveCaughtUp(token));
    }

    private CompletionStage<Caller> resolveCaughtUp(String token) {
        var now = state.get();
        if (!now.enabled()) {
            return NOBODY;
        }
        var caller = find(token, now);
        return caller != null
                ? CompletableFuture.completedFuture(caller)
                : CompletableFuture.failedFuture(Denial.INVALID_TOKEN.exception());
    }

    /**
     * The state is taken before the token is looked up: who loses the token by a change between the
     * two is then refused for the old revision.
     */
    private @Nullable Caller find(String token, AuthState now) {
        var holder = tokens.find(token);
        if (holder == null) {
            return null;
        }
        return new Caller(
                holder.user(), holder.revision() == 0 ? now.revision() : holder.revision());
    }

    /**
     * Whether to try once more what was refused: users or roles changed, or authentication was
     * enabled, just after the call was authenticated here, and it may be allowed all the same. Not
     * so for a signed token, which carries its revision.
     */
    public boolean worthAnotherTry(Credentials credentials, Denial denial) {
        boolean carriesRevision = credentials.token() != null && !tokens.kept();
        return (denial == Denial.OLD_REVISION && !carriesRevision)
                || (denial == Denial.USER_EMPTY && credentials.commonName() != null);
    }

    @Override
    public void tokenAssigned(String user, String token) {
        tokens.assigned(user, token);
    }

    @Override
    public void userChanged(String user) {
        tokens.forget(user);
    }

    @Override
    public void allLoggedOut() {
        tokens.forgetAll();
    }
}
