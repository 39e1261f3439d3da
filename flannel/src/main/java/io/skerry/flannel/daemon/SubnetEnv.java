package io.skerry.flannel.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Files of lines like {@code FLANNEL_MTU=1450}, by which a host's programs are told things. */
public final class SubnetEnv {
    private SubnetEnv() {}

    /** What a file says; the error says who writes such a file. */
    public static Map<String, String> read(Path path) throws IOException {
        try {
            return values(path);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "there is no "
                            + path
                            + ", which is written when the host has its subnet of the network",
                    e);
        }
    }

    static Map<String, String> values(Path path) throws IOException {
        return parse(Files.readString(path));
    }

    static Map<String, String> parse(String text) {
        var values = new TreeMap<String, String>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            }
        }
        return values;
    }

    static void replaceIfChanged(Path path, String text) throws IOException {
        if (!Files.exists(path) || !Files.readString(path).equals(text)) {
            WholeFile.replace(path, text, FileMode.PUBLIC);
        }
    }
}
