package io.skerry.chaos.cluster;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The time of day of each member for itself, by libfaketime, which is loaded into the member's
 * process and reads every second from a file how far it is off. The monotonic clock stays as it is,
 * as when an administrator or a time server sets a machine's clock.
 */
final class Clocks {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String NAME = "faketime/libfaketimeMT.so.1";

    private Clocks() {}

    /** Whether the library is there. */
    static boolean possible() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        try (Stream<Path> folders = Files.list(LIBRARIES)) {
            return Stream.concat(Stream.of(LIBRARIES), folders)
                    .map(folder -> folder.resolve(NAME))
                    .filter(Files::isReadable)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a member's process is started with, so that its clock can be set. */
    static Map<String, String> environment(Path file) throws IOException {
        Optional<Path> library = library();
        if (library.isEmpty()) {
            return Map.of();
        }
        if (!Files.exists(file)) {
            set(file, Duration.ZERO);
        }
        return Map.of(
                "LD_PRELOAD", library.get().toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "NO_FAKE_STAT", "1",
                // Otherwise waits by the monotonic clock never end in a JVM.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** Sets a clock ahead, or back when negative. */
    static void set(Path file, Duration ahead) throws IOException {
        WholeFile.replace(
                file, (ahead.isNegative() ? "" : "+") + ahead.toSeconds() + "\n", FileMode.PUBLIC);
    }
}
