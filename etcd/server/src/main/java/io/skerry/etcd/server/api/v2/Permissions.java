package io.skerry.etcd.server.api.v2;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys that a role may read and write: {@code /a} is that key, {@code /a/*} every key that begins
 * so. A list that was never given is null, which clients see.
 */
record Permissions(@Nullable List<String> read, @Nullable List<String> write) {
    static final Permissions ALL = new Permissions(List.of("/*"), List.of("/*"));

    private static final int CONFLICT = 409;

    Permissions {
        read = read == null ? null : List.copyOf(read);
        write = write == null ? null : List.copyOf(write);
    }

    boolean empty() {
        return patterns(read).isEmpty() && patterns(write).isEmpty();
    }

    private static List<String> patterns(@Nullable List<String> patterns) {
        return patterns == null ? List.of() : patterns;
    }

    Permissions granted(@Nullable Permissions more) throws AuthException {
        return more == null
                ? this
                : new Permissions(
                        granted("read", patterns(read), patterns(more.read)),
                        granted("write", patterns(write), patterns(more.write)));
    }

    private static List<String> granted(String kind, List<String> has, List<String> more)
            throws AuthException {
        var all = new TreeSet<>(has);
        for (String pattern : more) {
            if (!all.add(pattern)) {
                throw new AuthException(
                        CONFLICT, "Granting duplicate " + kind + " permission " + pattern);
            }
        }
        return List.copyOf(all);
    }

    /** What was not there is not missed, as in etcd. */
    Permissions revoked(@Nullable Permissions less) {
        return less == null
                ? this
                : new Permissions(
                        without(patterns(read), patterns(less.read)),
                        without(patterns(write), patterns(less.write)));
    }

    private static List<String> without(List<String> has, List<String> less) {
        var rest = new TreeSet<>(has);
        less.forEach(rest::remove);
        return List.copyOf(rest);
    }

    /** Whether a key, or with {@code recursive} all that begins with it, may be used. */
    boolean allow(String key, boolean writing, boolean recursive) {
        return patterns(writing ? write : read).stream()
                .anyMatch(pattern -> matches(pattern, key, recursive));
    }

    private static boolean matches(String pattern, String key, boolean recursive) {
        if (pattern.endsWith("*")) {
            return key.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return !recursive && key.equals(pattern);
    }
}
