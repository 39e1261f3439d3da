package io.skerry.containers.run;

import java.nio.file.Path;

/**
 * A file or folder of the host that a container sees.
 *
 * @param host an absolute path, which need not exist: then it becomes an empty folder
 * @param inside an absolute path in the container
 */
public record Volume(Path host, Path inside, boolean readOnly) {
    /** Reads {@code HOST:CONTAINER[:ro]}. */
    public static Volume parse(String text) throws ContainerException {
        String[] parts = text.split(":", -1);
        boolean sound =
                parts.length >= 2
                        && parts.length <= 3
                        && isPlain(parts[0])
                        && isPlain(parts[1])
                        && !parts[1].equals("/")
                        && (parts.length == 2 || parts[2].equals("ro"));
        if (!sound) {
            throw new ContainerException(
                    "volume '"
                            + text
                            + "' must be HOST:CONTAINER or HOST:CONTAINER:ro with two absolute"
                            + " paths, for instance /srv/data:/data:ro");
        }
        return new Volume(Path.of(parts[0]), Path.of(parts[1]), parts.length == 3);
    }

    private static boolean isPlain(String path) {
        return path.startsWith("/")
                && path.indexOf('\0') < 0
                && Path.of(path).equals(Path.of(path).normalize());
    }

    @Override
    public String toString() {
        return host + ":" + inside + (readOnly ? ":ro" : "");
    }
}
