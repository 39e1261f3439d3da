package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A named set of permissions.
 *
 * @param permissions by key, at most one for each pair of key and end
 */
public record Role(String name, List<Permission> permissions) {
    private static final Comparator<Permission> BY_RANGE =
            Comparator.comparing(Permission::key, ByteString.unsignedLexicographicalComparator())
                    .thenComparing(
                            Permission::rangeEnd, ByteString.unsignedLexicographicalComparator());

    public Role {
        permissions = permissions.stream().sorted(BY_RANGE).toList();
    }

    /** Adds a permission; one on the same range is replaced. */
    Role with(Permission permission) {
        var more = new ArrayList<>(without(permission.key(), permission.rangeEnd()).permissions);
        more.add(permission);
        return new Role(name, more);
    }

    Role without(ByteString key, ByteString rangeEnd) {
        return new Role(
                name,
                permissions.stream()
                        .filter(permission -> !permission.sameRange(key, rangeEnd))
                        .toList());
    }
}
