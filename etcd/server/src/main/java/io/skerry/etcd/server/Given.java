package io.skerry.etcd.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flag with nothing as its value is one that is not given, as with etcd. */
final class Given {
    private Given() {}

    static @Nullable Path file(@Nullable Path value) {
        return value == null || value.toString().isEmpty() ? null : value;
    }

    static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    static List<String> list(List<String> value) {
        return value.equals(List.of("")) ? List.of() : value;
    }

    static @Nullable List<String> listOrNull(@Nullable List<String> value) {
        return value == null || list(value).isEmpty() ? null : value;
    }
}
