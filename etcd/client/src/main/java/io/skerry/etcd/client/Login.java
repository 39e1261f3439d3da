package io.skerry.etcd.client;

import io.etcd.jetcd.api.AuthenticateRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.NetworkTransport;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signs a user in and puts the token on every call of a transport. A token that the store no longer
 * knows is replaced: tokens end when they are not used, when a member restarts and when users or
 * roles change. Thread-safe; its methods block.
 *
 * <p>A store without authentication needs no token; when it turns it on later, it refuses calls for
 * want of a user, and then one is fetched.
 */
final class Login {
    private static final String NOT_ENABLED = "authentication is not enabled";
    private static final String NO_USER = "user name is empty";
    private static final String OLD = "revision of auth store is old";

    private final NetworkTransport transport;
    private final EtcdUser user;
    private final ReentrantLock signingIn = new ReentrantLock();

    /** Grows with each sign-in; 0: none yet. Written under the lock. */
    private volatile long generation;

    Login(NetworkTransport transport, EtcdUser user) {
        this.transport = transport;
        this.user = user;
    }

    /**
     * Sees to it that calls have a token.
     *
     * @param worn which token was refused; negative: none was
     * @return which token calls have that begin now
     */
    long ready(long worn, Duration timeout) throws GrpcException, InterruptedException {
        long had = Math.max(0, worn);
        if (generation == had) {
            renew(had, timeout);
        }
        return generation;
    }

    /** Whether a call failed for its token, so that it was not carried out. */
    static boolean refused(GrpcException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure.code() == GrpcCode.UNAUTHENTICATED
                || (failure.code() == GrpcCode.INVALID_ARGUMENT
                        && (message.endsWith(NO_USER) || message.endsWith(OLD)));
    }

    /** Gets another token, unless someone else did since. */
    private void renew(long had, Duration timeout) throws GrpcException, InterruptedException {
        signingIn.lockInterruptibly();
        try {
            if (generation == had) {
                transport.metadata("token", token(timeout));
                generation = had + 1;
            }
        } finally {
            signingIn.unlock();
        }
    }

    /** Empty where authentication is off. */
    private String token(Duration timeout) throws GrpcException, InterruptedException {
        var request =
                AuthenticateRequest.newBuilder()
                        .setName(user.name())
                        .setPassword(user.password())
                        .build();
        try {
            return transport.unary(EtcdMethods.AUTHENTICATE, request, timeout).get().getToken();
        } catch (ExecutionException e) {
            var failure = GrpcException.from(e);
            if (String.valueOf(failure.getMessage()).endsWith(NOT_ENABLED)) {
                return "";
            }
            throw failure;
        }
    }
}
