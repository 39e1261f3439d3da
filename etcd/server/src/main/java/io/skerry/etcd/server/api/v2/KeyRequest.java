package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Namespace;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodePath;
import io.skerry.etcd.server.v2store.Write;
import io.skerry.etcd.server.v2store.Write.Condition;
import io.skerry.etcd.server.v2store.Write.Lifetime;
import org.jspecify.annotations.Nullable;

/** What a request under {@code /v2/keys} asks for. */
sealed interface KeyRequest {
    NodePath path();

    /** Whether it says so, which counts for access even where it means nothing else. */
    boolean recursive();

    /** A read; with a quorum it sees everything acknowledged before. */
    record Get(NodePath path, boolean recursive, boolean quorum) implements KeyRequest {}

    /**
     * A watch.
     *
     * @param stream all events; else one
     * @param since first index wanted, unsigned; 0 for what comes after now
     */
    record Wait(NodePath path, boolean recursive, boolean stream, long since)
            implements KeyRequest {}

    /** A change; {@code silent} leaves the nodes out of the answer. */
    record Change(Write write, boolean recursive, boolean silent) implements KeyRequest {
        @Override
        public NodePath path() {
            return write.path();
        }
    }

    /** Seconds that still give a time in nanoseconds which fits into 63 bits. */
    long MAX_TTL_SECONDS = 7_000_000_000L;

    /**
     * Reads a request; fields are checked in etcd's order, so that of several wrong ones the same
     * is named.
     */
    static KeyRequest parse(String method, NodePath path, FormParameters form, long nowEpochNanos)
            throws NodeErrorException {
        long previousIndex = form.number("prevIndex", ErrorCode.INDEX_NOT_A_NUMBER);
        long since = form.number("waitIndex", ErrorCode.INDEX_NOT_A_NUMBER);
        boolean recursive = form.flag("recursive");
        // Children come in order, asked for or not.
        var _ = form.flag("sorted");
        boolean wait = form.flag("wait");
        boolean dir = form.flag("dir");
        boolean quorum = form.flag("quorum");
        boolean stream = form.flag("stream");
        if (wait && !method.equals("GET")) {
            throw refusal(ErrorCode.INVALID_FIELD, "\"wait\" can only be used with GET requests");
        }
        String previousValue = form.value("prevValue");
        if (previousValue != null && previousValue.isEmpty()) {
            throw refusal(ErrorCode.PREVIOUS_VALUE_REQUIRED, "\"prevValue\" cannot be empty");
        }
        boolean silent = form.flag("noValueOnSuccess");
        var lifetime = lifetime(form, nowEpochNanos);
        Boolean exists =
                form.value("prevExist") == null
                        ? null
                        : form.flag("prevExist", "invalid value for prevExist");
        boolean refresh = form.flag("refresh", "invalid value for refresh");
        if (refresh && !form.text("value").isEmpty()) {
            throw refusal(ErrorCode.REFRESH_WITH_VALUE, "A value was provided on a refresh");
        }
        if (refresh && lifetime == null) {
            throw refusal(ErrorCode.REFRESH_WITHOUT_TTL, "No TTL value set");
        }
        var condition = new Condition(previousValue == null ? "" : previousValue, previousIndex);
        String value = form.text("value");
        return switch (method) {
            case "GET" ->
                    // As etcd has it, a read with a quorum does not wait for an event.
                    wait && !quorum
                            ? new Wait(path, recursive, stream, since)
                            : new Get(path, recursive, quorum);
            case "HEAD" -> new Get(path, recursive, false);
            case "POST" ->
                    new Change(
                            new Write.Create(
                                    Namespace.KEYS,
                                    path,
                                    nowEpochNanos,
                                    dir,
                                    value,
                                    true,
                                    lifetime),
                            recursive,
                            silent);
            case "PUT" ->
                    new Change(
                            put(
                                    path,
                                    nowEpochNanos,
                                    dir,
                                    value,
                                    lifetime,
                                    refresh,
                                    exists,
                                    condition),
                            recursive,
                            silent);
            case "DELETE" ->
                    new Change(
                            given(condition)
                                    ? new Write.CompareAndDelete(
                                            Namespace.KEYS, path, nowEpochNanos, condition)
                                    : new Write.Delete(
                                            Namespace.KEYS, path, nowEpochNanos, dir, recursive),
                            recursive,
                            silent);
            default -> throw new IllegalArgumentException("method " + method + " is not allowed");
        };
    }

    private static Write put(
            NodePath path,
            long now,
            boolean dir,
            String value,
            @Nullable Lifetime lifetime,
            boolean refresh,
            @Nullable Boolean exists,
            Condition condition) {
        if (Boolean.FALSE.equals(exists)) {
            return new Write.Create(Namespace.KEYS, path, now, dir, value, false, lifetime);
        }
        if (given(condition)) {
            return new Write.CompareAndSwap(
                    Namespace.KEYS, path, now, condition, value, lifetime, refresh);
        }
        return exists == null
                ? new Write.Set(Namespace.KEYS, path, now, dir, value, lifetime, refresh)
                : new Write.Update(Namespace.KEYS, path, now, value, lifetime, refresh);
    }

    private static boolean given(Condition condition) {
        return condition.index() != 0 || !condition.value().isEmpty();
    }

    /** Null if none is given, or an empty one, which ends a lifetime that there was. */
    private static @Nullable Lifetime lifetime(FormParameters form, long nowEpochNanos)
            throws NodeErrorException {
        if (form.text("ttl").isEmpty()) {
            return null;
        }
        long seconds = form.number("ttl", ErrorCode.TTL_NOT_A_NUMBER);
        if (seconds < 0 || seconds > MAX_TTL_SECONDS) {
            throw refusal(ErrorCode.TTL_NOT_A_NUMBER, "invalid value for \"ttl\"");
        }
        return new Lifetime(seconds, nowEpochNanos + seconds * 1_000_000_000L);
    }

    private static NodeErrorException refusal(ErrorCode code, String cause) {
        return new NodeErrorException(code, cause, 0);
    }
}
