package io.skerry.etcd.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes and checks passwords by bcrypt. It is slow by design, so it runs on a few threads of its
 * own with a bounded queue: who guesses passwords cannot stop the store.
 */
public final class Passwords implements AutoCloseable {
    /** More than that bcrypt does not look at. */
    static final int MAX_BYTES = 72;

    private static final int MAX_WAITING = 256;

    private final int cost;
    private final ThreadPoolExecutor threads;

    /**
     * @param cost of new hashes; old ones keep theirs
     */
    public Passwords(int cost) {
        this.cost = cost;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        1,
                        TimeUnit.MINUTES,
                        new LinkedBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("bcrypt-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Completes with the hash; fails if the password is longer than bcrypt can tell apart. */
    public CompletableFuture<String> hash(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            return CompletableFuture.failedFuture(Denial.PASSWORD_TOO_LONG.exception());
        }
        return run(() -> {
            byte[] hash = BCrypt.withDefaults().hash(cost, bytes);
            Arrays.fill(bytes, (byte) 0);
            return new String(hash, StandardCharsets.US_ASCII);
        });
    }

    /** Completes with whether the password is the one that was hashed. */
    public CompletableFuture<Boolean> matches(String password, String hash) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            return CompletableFuture.completedFuture(false);
        }
        return run(() -> {
            var result = BCrypt.verifyer().verify(bytes, hash.getBytes(StandardCharsets.US_ASCII));
            Arrays.fill(bytes, (byte) 0);
            return result.verified;
        });
    }

    private <T> CompletableFuture<T> run(Callable<T> work) {
        var result = new CompletableFuture<T>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(Denial.TOO_MANY_PASSWORDS.exception());
        }
        return result;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
