package io.skerry.etcd.server.auth;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Objects;

/**
 * Where users and roles lie in the store's file, and the state made of them. Written by the thread
 * that applies the log.
 *
 * <p>Keys of the map: {@code u} and a user's name, {@code r} and a role's name, {@code s} for
 * whether authentication is enabled (one byte) and the auth revision (8 bytes).
 */
public final class AuthTable {
    /** Name of the engine's map. */
    public static final String MAP = "auth";

    private static final byte[] STATE_KEY = {'s'};
    private static final char USER = 'u';
    private static final char ROLE = 'r';

    private final OrderedMap stored;
    private volatile AuthState state;

    /** Reads all users and roles; there are far fewer than keys. */
    public AuthTable(Engine engine) {
        this.stored = engine.map(MAP);
        this.state = read(stored);
    }

    private static AuthState read(OrderedMap stored) {
        byte[] numbers = stored.get(STATE_KEY);
        if (numbers == null) {
            return AuthState.INITIAL;
        }
        var users = new HashMap<String, User>();
        var roles = new HashMap<String, Role>();
        var scan = stored.snapshot().ascending(new byte[0], null);
        while (scan.next()) {
            if (scan.key()[0] == USER) {
                var user = AuthCodec.decodeUser(scan.value());
                users.put(user.name(), user);
            } else if (scan.key()[0] == ROLE) {
                var role = AuthCodec.decodeRole(scan.value());
                roles.put(role.name(), role);
            }
        }
        var in = ByteBuffer.wrap(numbers);
        return new AuthState(in.get() != 0, in.getLong(), users, roles);
    }

    /** The state after everything applied so far. */
    public AuthState state() {
        return state;
    }

    /**
     * Carries a change out.
     *
     * @throws DeniedException if it is refused; nothing was changed
     */
    public void apply(AuthChange change) throws DeniedException {
        var before = state;
        var after = AuthChanges.apply(before, change);
        if (after == before) {
            return;
        }
        var users = before.usersByName();
        for (var user : after.users()) {
            if (!user.equals(users.remove(user.name()))) {
                stored.put(key(USER, user.name()), AuthCodec.encode(user));
            }
        }
        users.keySet().forEach(name -> stored.remove(key(USER, name)));
        var roles = before.rolesByName();
        for (var role : after.roles()) {
            if (!Objects.equals(role, roles.remove(role.name()))) {
                stored.put(key(ROLE, role.name()), AuthCodec.encode(role));
            }
        }
        roles.keySet().forEach(name -> stored.remove(key(ROLE, name)));
        stored.put(
                STATE_KEY,
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put((byte) (after.enabled() ? 1 : 0))
                        .putLong(after.revision())
                        .array());
        state = after;
    }

    private static byte[] key(char kind, String name) {
        return (kind + name).getBytes(StandardCharsets.UTF_8);
    }
}
