package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of changes in the log and of users and roles in the store's file: fields in their order,
 * each with its length in 4 bytes before it; a change has its kind in one byte first. Kinds are
 * never renumbered.
 */
public final class AuthCodec {
    private static final byte ENABLE = 1;
    private static final byte DISABLE = 2;
    private static final byte ADD_USER = 3;
    private static final byte DELETE_USER = 4;
    private static final byte CHANGE_PASSWORD = 5;
    private static final byte GRANT_ROLE = 6;
    private static final byte REVOKE_ROLE = 7;
    private static final byte ADD_ROLE = 8;
    private static final byte DELETE_ROLE = 9;
    private static final byte GRANT_PERMISSION = 10;
    private static final byte REVOKE_PERMISSION = 11;
    private static final ByteString NO = ByteString.copyFrom(new byte[] {0});
    private static final ByteString YES = ByteString.copyFrom(new byte[] {1});

    private AuthCodec() {}

    /** The bytes of a change. */
    public static ByteString encode(AuthChange change) {
        return switch (change) {
            case AuthChange.Enable() -> change(ENABLE, List.of());
            case AuthChange.Disable() -> change(DISABLE, List.of());
            case AuthChange.AddUser(var name, var hash, boolean noPassword) ->
                    change(ADD_USER, List.of(text(name), text(hash), noPassword ? YES : NO));
            case AuthChange.DeleteUser(var name) -> change(DELETE_USER, List.of(text(name)));
            case AuthChange.ChangePassword(var name, var hash) ->
                    change(CHANGE_PASSWORD, List.of(text(name), text(hash)));
            case AuthChange.GrantRole(var user, var role) ->
                    change(GRANT_ROLE, List.of(text(user), text(role)));
            case AuthChange.RevokeRole(var user, var role) ->
                    change(REVOKE_ROLE, List.of(text(user), text(role)));
            case AuthChange.AddRole(var name) -> change(ADD_ROLE, List.of(text(name)));
            case AuthChange.DeleteRole(var name) -> change(DELETE_ROLE, List.of(text(name)));
            case AuthChange.GrantPermission(var role, var permission) -> {
                var fields = new ArrayList<ByteString>();
                fields.add(text(role));
                add(fields, permission);
                yield change(GRANT_PERMISSION, fields);
            }
            case AuthChange.RevokePermission(var role, var key, var rangeEnd) ->
                    change(REVOKE_PERMISSION, List.of(text(role), key, rangeEnd));
        };
    }

    /**
     * Reads a change.
     *
     * @throws IllegalStateException if it is none that this version knows
     */
    public static AuthChange decodeChange(ByteString bytes) {
        if (bytes.isEmpty()) {
            throw new IllegalStateException("the log holds an empty change of users and roles");
        }
        byte kind = bytes.byteAt(0);
        var fields = new Fields(bytes.substring(1));
        return switch (kind) {
            case ENABLE -> new AuthChange.Enable();
            case DISABLE -> new AuthChange.Disable();
            case ADD_USER -> new AuthChange.AddUser(fields.text(), fields.text(), fields.flag());
            case DELETE_USER -> new AuthChange.DeleteUser(fields.text());
            case CHANGE_PASSWORD -> new AuthChange.ChangePassword(fields.text(), fields.text());
            case GRANT_ROLE -> new AuthChange.GrantRole(fields.text(), fields.text());
            case REVOKE_ROLE -> new AuthChange.RevokeRole(fields.text(), fields.text());
            case ADD_ROLE -> new AuthChange.AddRole(fields.text());
            case DELETE_ROLE -> new AuthChange.DeleteRole(fields.text());
            case GRANT_PERMISSION ->
                    new AuthChange.GrantPermission(fields.text(), fields.permission());
            case REVOKE_PERMISSION ->
                    new AuthChange.RevokePermission(fields.text(), fields.bytes(), fields.bytes());
            default ->
                    throw new IllegalStateException(
                            "the log holds a change of users and roles of kind "
                                    + kind
                                    + ", which this version does not know: run the version that"
                                    + " wrote it or a later one");
        };
    }

    private static ByteString change(byte kind, List<ByteString> fields) {
        return ByteString.copyFrom(new byte[] {kind}).concat(join(fields));
    }

    static byte[] encode(User user) {
        var fields = new ArrayList<ByteString>();
        fields.add(text(user.name()));
        fields.add(text(user.passwordHash()));
        fields.add(user.noPassword() ? YES : NO);
        user.roles().forEach(role -> fields.add(text(role)));
        return join(fields).toByteArray();
    }

    static User decodeUser(byte[] bytes) {
        var fields = new Fields(ByteString.copyFrom(bytes));
        var name = fields.text();
        var hash = fields.text();
        boolean noPassword = fields.flag();
        var roles = new ArrayList<String>();
        while (fields.more()) {
            roles.add(fields.text());
        }
        return new User(name, hash, noPassword, roles);
    }

    static byte[] encode(Role role) {
        var fields = new ArrayList<ByteString>();
        fields.add(text(role.name()));
        role.permissions().forEach(permission -> add(fields, permission));
        return join(fields).toByteArray();
    }

    static Role decodeRole(byte[] bytes) {
        var fields = new Fields(ByteString.copyFrom(bytes));
        var name = fields.text();
        var permissions = new ArrayList<Permission>();
        while (fields.more()) {
            permissions.add(fields.permission());
        }
        return new Role(name, permissions);
    }

    private static void add(List<ByteString> fields, Permission permission) {
        fields.add(ByteString.copyFrom(new byte[] {(byte) permission.access().number()}));
        fields.add(permission.key());
        fields.add(permission.rangeEnd());
    }

    static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** Fields one after the other. */
    public static ByteString join(List<ByteString> fields) {
        int size = 0;
        for (var field : fields) {
            size += Integer.BYTES + field.size();
        }
        var out = ByteBuffer.allocate(size);
        for (var field : fields) {
            out.putInt(field.size());
            field.copyTo(out);
        }
        return ByteString.copyFrom(out.flip());
    }

    /** Reads fields in their order. */
    public static final class Fields {
        private final ByteBuffer in;

        public Fields(ByteString bytes) {
            this.in = bytes.asReadOnlyByteBuffer();
        }

        boolean more() {
            return in.hasRemaining();
        }

        /** The next field. */
        public ByteString bytes() {
            try {
                return ByteString.copyFrom(in, in.getInt());
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                throw new IllegalStateException("an entry about users and roles is damaged", e);
            }
        }

        /** The next field as text. */
        public String text() {
            return bytes().toStringUtf8();
        }

        boolean flag() {
            return bytes().equals(YES);
        }

        Permission permission() {
            int number = bytes().byteAt(0);
            return new Permission(Access.of(number), bytes(), bytes());
        }
    }
}
