package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.auth.Access;
import io.skerry.etcd.server.auth.Permission;
import org.jspecify.annotations.Nullable;

/** Permissions as etcd's messages and as ours. */
final class Permissions {
    /** What etcd shows as the permission of the role root. */
    static final io.etcd.jetcd.api.Permission EVERYTHING =
            toMessage(
                    new Permission(
                            Access.READWRITE, ByteString.EMPTY, ByteString.copyFrom(new byte[1])));

    private Permissions() {}

    static io.etcd.jetcd.api.Permission toMessage(Permission permission) {
        return io.etcd.jetcd.api.Permission.newBuilder()
                .setPermType(
                        switch (permission.access()) {
                            case READ -> io.etcd.jetcd.api.Permission.Type.READ;
                            case WRITE -> io.etcd.jetcd.api.Permission.Type.WRITE;
                            case READWRITE -> io.etcd.jetcd.api.Permission.Type.READWRITE;
                        })
                .setKey(permission.key())
                .setRangeEnd(permission.rangeEnd())
                .build();
    }

    /** Null if it is of a type that does not exist. */
    static @Nullable Permission fromMessage(io.etcd.jetcd.api.Permission message) {
        var access =
                switch (message.getPermType()) {
                    case READ -> Access.READ;
                    case WRITE -> Access.WRITE;
                    case READWRITE -> Access.READWRITE;
                    case UNRECOGNIZED -> null;
                };
        return access == null
                ? null
                : new Permission(access, message.getKey(), message.getRangeEnd());
    }
}
