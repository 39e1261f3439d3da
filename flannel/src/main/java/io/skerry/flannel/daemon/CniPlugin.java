package io.skerry.flannel.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The CNI plugin of type {@code flannel}, for configurations made for the original's. It is a
 * script, as a container's start waits for it and a JVM would take too long to start.
 */
public final class CniPlugin {
    private static final String SCRIPT = "cni-flannel.sh";

    private CniPlugin() {}

    /** The script. */
    public static String text() throws IOException {
        try (InputStream script = CniPlugin.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException("the program lacks its own " + SCRIPT);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Writes the plugin, so that a container that starts meanwhile finds the old one or the new.
     */
    public static void write(Path file) throws IOException {
        WholeFile.replace(file, text(), FileMode.PROGRAM);
    }
}
