package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.auth.Denial;
import io.skerry.etcd.server.auth.Passwords;
import io.skerry.etcd.server.auth.token.Tokens;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives a token for a password. The password is checked against the newest state, and the token
 * counts only if that state is still the newest when it is given; otherwise the check is repeated.
 */
final class PasswordLogin {
    private static final Log LOG = Log.of(PasswordLogin.class);
    private static final int MAX_TRIES = 8;

    private final EtcdStateMachine store;
    private final Calls calls;
    private final Identity identity;
    private final Passwords passwords;
    private final Tokens tokens;

    PasswordLogin(
            EtcdStateMachine store,
            Calls calls,
            Identity identity,
            Passwords passwords,
            Tokens tokens) {
        this.store = store;
        this.calls = calls;
        this.identity = identity;
        this.passwords = passwords;
        this.tokens = tokens;
    }

    CompletionStage<ByteString> authenticate(AuthenticateRequest request, GrpcContext context) {
        return calls.linearized().thenCompose(_ -> attempt(request, context, 1));
    }

    private CompletionStage<ByteString> attempt(
            AuthenticateRequest request, GrpcContext context, int tries) {
        var state = store.auth();
        if (!state.enabled()) {
            return CompletableFuture.failedFuture(Denial.NOT_ENABLED.exception());
        }
        return checkPassword(state, request, context)
                .thenCompose(_ -> give(state, request.getName()))
                .exceptionallyCompose(failure -> {
                    boolean again =
                            Denial.OLD_REVISION
                                            .message()
                                            .equals(GrpcException.from(failure).getMessage())
                                    && tries < MAX_TRIES;
                    return again
                            ? attempt(request, context, tries + 1)
                            : CompletableFuture.failedFuture(failure);
                });
    }

    private CompletionStage<Boolean> checkPassword(
            AuthState state, AuthenticateRequest request, GrpcContext context) {
        var user = state.user(request.getName());
        if (user != null && user.noPassword()) {
            return CompletableFuture.failedFuture(Denial.PASSWORD_FOR_NO_PASSWORD_USER.exception());
        }
        var checked =
                user == null
                        ? CompletableFuture.completedFuture(false)
                        : passwords.matches(request.getPassword(), user.passwordHash());
        return checked.thenCompose(right -> {
            if (!right) {
                LOG.warn(
                        "wrong user or password",
                        "user",
                        request.getName(),
                        "client",
                        context.remoteAddress());
                return CompletableFuture.failedFuture(Denial.AUTHENTICATION_FAILED.exception());
            }
            return CompletableFuture.completedFuture(true);
        });
    }

    private CompletionStage<ByteString> give(AuthState state, String user) {
        var token = tokens.create(user, state.revision());
        if (token == null) {
            return CompletableFuture.failedFuture(Denial.CANNOT_SIGN.exception());
        }
        if (!tokens.kept()) {
            return store.auth().revision() == state.revision()
                    ? CompletableFuture.completedFuture(response(token))
                    : CompletableFuture.failedFuture(Denial.OLD_REVISION.exception());
        }
        return calls.proposeOwn(new Command.AssignToken(user, token, state.revision()))
                .thenCompose(result -> given(result, token));
    }

    private CompletionStage<ByteString> given(CommandResult result, String token) {
        return result.code() == GrpcCode.OK
                ? CompletableFuture.completedFuture(response(token))
                : CompletableFuture.failedFuture(
                        new GrpcException(result.code(), result.message()));
    }

    private ByteString response(String token) {
        return AuthenticateResponse.newBuilder()
                .setHeader(identity.header(store.revision()))
                .setToken(token)
                .build()
                .toByteString();
    }
}
