package io.skerry.flannel.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.flannel.address.WireguardSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The host's private key of WireGuard, in a file that only its owner may read. */
final class HostKey {
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
            WholeFile.replaceDurably(
                    file, made.base64().getBytes(StandardCharsets.US_ASCII), FileMode.PRIVATE);
            return made;
        }
    }
}
