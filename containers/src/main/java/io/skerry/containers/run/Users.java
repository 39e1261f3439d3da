package io.skerry.containers.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The users and groups of an image, by its {@code /etc/passwd} and {@code /etc/group}. */
final class Users {
    private static final int MOST_BYTES = 1 << 20;

    private final Path root;

    Users(Path root) {
        this.root = root;
    }

    /** A user and a group by number, and the user's home. */
    record Identity(long user, long group, String home) {}

    /** Finds {@code USER[:GROUP]}, each a name or a number; empty means root. */
    Identity find(String text) throws ContainerException, IOException {
        String user = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
        String group = text.contains(":") ? text.substring(text.indexOf(':') + 1) : "";
        Optional<String[]> entry = entry("passwd", user.isEmpty() ? "0" : user, 7);
        long uid = number(user.isEmpty() ? "0" : user, entry, "user", "/etc/passwd");
        long gid =
                group.isEmpty()
                        ? entry.map(fields -> Long.parseLong(fields[3])).orElse(0L)
                        : number(group, entry("group", group, 4), "group", "/etc/group");
        return new Identity(uid, gid, entry.map(fields -> fields[5]).orElse("/"));
    }

    private static long number(String text, Optional<String[]> entry, String kind, String file)
            throws ContainerException {
        if (text.matches("[0-9]{1,9}")) {
            return Long.parseLong(text);
        }
        if (entry.isEmpty()) {
            throw new ContainerException(
                    "the image has no "
                            + kind
                            + " '"
                            + text
                            + "' in its "
                            + file
                            + "; name one that it has, or give a number");
        }
        return Long.parseLong(entry.get()[2]);
    }

    private Optional<String[]> entry(String file, String nameOrNumber, int fields)
            throws IOException {
        return lines(root.resolve("etc").resolve(file)).stream()
                .map(line -> line.split(":", -1))
                .filter(line -> line.length == fields && line[2].matches("[0-9]{1,9}"))
                .filter(line -> fields != 7 || line[3].matches("[0-9]{1,9}"))
                .filter(line -> line[0].equals(nameOrNumber) || line[2].equals(nameOrNumber))
                .findFirst();
    }

    /** A link may lead out of the image, so it is not followed. */
    private static List<String> lines(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null
                || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) > MOST_BYTES) {
            return List.of();
        }
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }
}
