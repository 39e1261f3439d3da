package io.skerry.flannel.daemon;

import io.skerry.flannel.address.WireguardSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** The host's private key of WireGuard, in a file that only its owner may read. */
final class HostKey {
    private static final String OWNER_ONLY = "rw-------";

    private HostKey() {}

    /** The key in a file; one that is not there is made. */
    static WireguardSecret of(Path file) throws IOException {
        try {
            return WireguardSecret.parse(Files.readString(file).strip())
                    .orElseThrow(() ->
                            new IOException(
                                    file
                                            + " holds no key of WireGuard (32 bytes in base 64);"
                                            + " delete it, and a new one is made"));
        } catch (NoSuchFileException e) {
            var chance = new byte[32];
            new SecureRandom().nextBytes(chance);
            WireguardSecret made = WireguardSecret.ofChance(chance);
            write(file, made.base64());
            return made;
        }
    }

    private static void write(Path file, String key) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(
                temporary,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(temporary, key);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
