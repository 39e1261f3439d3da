package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.auth.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Checks the password that comes with each request. Since bcrypt is slow on purpose, what was right
 * once is remembered as a digest over hash and password, in memory alone. Thread-safe.
 */
final class PasswordCheck {
    private static final int MAX_REMEMBERED = 1000;

    private final Passwords passwords;
    private final Map<String, byte[]> right = new ConcurrentHashMap<>();

    PasswordCheck(Passwords passwords) {
        this.passwords = passwords;
    }

    String hash(String password) throws InterruptedException, ExecutionException {
        return passwords.hash(password).get();
    }

    boolean matches(User user, String password) throws InterruptedException {
        byte[] digest = digest(user.password(), password);
        byte[] known = right.get(user.password());
        if (known != null && MessageDigest.isEqual(known, digest)) {
            return true;
        }
        try {
            if (!passwords.matches(password, user.password()).get()) {
                return false;
            }
        } catch (ExecutionException e) {
            // Too many are checked at once: nobody is let in for that.
            return false;
        }
        if (right.size() >= MAX_REMEMBERED) {
            right.clear();
        }
        right.put(user.password(), digest);
        return true;
    }

    private static byte[] digest(String hash, String password) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(hash.getBytes(StandardCharsets.UTF_8));
            return digest.digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
