package io.skerry.fleet.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A secret by which a client is known.
 *
 * @param name who it is for, in messages and the log
 */
public record Token(String name, Role role, String secret) {
    private static final int MIN_SECRET = 16;

    /**
     * Reads a file with a line {@code NAME ROLE SECRET} for each token; # begins a comment.
     *
     * @throws IOException when it cannot be read, others may read it, or a line is wrong
     */
    public static List<Token> read(Path file) throws IOException {
        if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            throw new IOException(
                    file + " holds secrets and everybody may read it; chmod 0600 " + file);
        }
        var tokens = new ArrayList<Token>();
        var secrets = new HashSet<String>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String place = file + ":" + (i + 1) + ": ";
            String[] words = line.split("\\s+", -1);
            var role = words.length == 3 ? Role.of(words[1]) : Optional.<Role>empty();
            if (role.isEmpty()) {
                throw new IOException(
                        place + "write NAME ROLE SECRET with a role of " + Role.words());
            }
            if (words[2].length() < MIN_SECRET || !secrets.add(words[2])) {
                throw new IOException(
                        place
                                + "a secret must have at least "
                                + MIN_SECRET
                                + " characters and differ from all others");
            }
            tokens.add(new Token(words[0], role.get(), words[2]));
        }
        return List.copyOf(tokens);
    }

    /** Takes the same time whatever is wrong with the other. */
    boolean isSecret(String other) {
        return MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + name + ", " + role.word() + "]";
    }
}
