package io.skerry.etcd.server;

import io.skerry.base.http.ListenUrl;
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

    /**
     * Reads the values of a flag that takes URLs.
     *
     * @throws IllegalArgumentException names the flag and says what is wrong
     */
    static List<ListenUrl> urls(String flag, List<String> value) {
        try {
            return value.stream().map(ListenUrl::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(flag + ": " + e.getMessage(), e);
        }
    }

    static @Nullable List<String> listOrNull(@Nullable List<String> value) {
        return value == null || list(value).isEmpty() ? null : value;
    }
}
