package io.skerry.systemd.unit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a unit file, grouped by section in the order in which sections first appear.
 * Comments and layout are not kept, so two files are equal exactly when their {@link #serialize
 * canonical forms} and hence their {@link #sha1Hash hashes} are. Immutable.
 */
public final class UnitFile {
    private final List<UnitOption> options;

    /** Found when it is first asked for; whichever thread does so finds the same. */
    private @Nullable String hash;

    private UnitFile(List<UnitOption> grouped) {
        this.options = List.copyOf(grouped);
    }

    /**
     * Reads a unit file.
     *
     * @param fileName told in faults; its suffix decides which sections are known
     * @throws UnitFileException with every fault found
     */
    public static UnitFile parse(String fileName, String text) throws UnitFileException {
        return new UnitFile(grouped(UnitFileParser.parse(fileName, text)));
    }

    /** Reads a unit file from bytes, which must be UTF-8. */
    public static UnitFile parse(String fileName, byte[] utf8) throws UnitFileException {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var bytes = ByteBuffer.wrap(utf8);
        try {
            return parse(fileName, decoder.decode(bytes).toString());
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < bytes.position(); i++) {
                line += utf8[i] == '\n' ? 1 : 0;
            }
            throw new UnitFileException(
                    fileName,
                    List.of(new Fault(line, "", "not valid UTF-8; save the file as UTF-8 text")));
        }
    }

    /**
     * A unit file of options that came by an API instead of a file.
     *
     * @throws UnitFileException when an option could not stand in a file, with the lines counted in
     *     the canonical form
     */
    public static UnitFile of(String fileName, List<UnitOption> options) throws UnitFileException {
        var wanted = new UnitFile(grouped(options));
        var read = parse(fileName, wanted.serialize());
        int line = 0;
        String section = "";
        for (int i = 0; i < wanted.options.size(); i++) {
            UnitOption option = wanted.options.get(i);
            if (i == 0 || !option.section().equals(section)) {
                section = option.section();
                line += i == 0 ? 1 : 2;
            }
            line++;
            if (i >= read.options.size() || !read.options.get(i).equals(option)) {
                String message =
                        "'"
                                + option.name()
                                + "' cannot be written as one option: its section,"
                                + " name or value has a line break or whitespace where none may be";
                throw new UnitFileException(fileName, List.of(new Fault(line, section, message)));
            }
            line += (int) option.value().chars().filter(c -> c == '\n').count();
        }
        return wanted;
    }

    /** All options, those of one section together. */
    public List<UnitOption> options() {
        return options;
    }

    /** True when there is not a single option; systemd takes such a file as a masked unit. */
    public boolean isEmpty() {
        return options.isEmpty();
    }

    /** True when the file has an option in that section. */
    public boolean hasSection(String section) {
        return options.stream().anyMatch(o -> o.section().equals(section));
    }

    /**
     * The values of one option in the order written, as systemd reads them, empty ones included.
     */
    public List<String> values(String section, String name) {
        return options.stream()
                .filter(o -> o.section().equals(section) && o.name().equals(name))
                .map(UnitOption::joined)
                .toList();
    }

    /** The values of a list option after its last reset (an empty assignment). */
    public List<String> listValues(String section, String name) {
        List<String> values = values(section, name);
        return values.subList(values.lastIndexOf("") + 1, values.size());
    }

    /** The last value of an option that can have but one. */
    public Optional<String> lastValue(String section, String name) {
        List<String> values = values(section, name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /**
     * The canonical form: each section once, its options as {@code name=value} lines, an empty line
     * between sections. {@link #parse} of it gives an equal unit file.
     */
    public String serialize() {
        var text = new StringBuilder();
        String section = null;
        for (UnitOption option : options) {
            if (!option.section().equals(section)) {
                text.append(section == null ? "" : "\n");
                section = option.section();
                text.append('[').append(section).append("]\n");
            }
            text.append(option.name()).append('=').append(option.value()).append('\n');
        }
        return text.toString();
    }

    /** The SHA-1 of the canonical form in UTF-8, as 40 hexadecimal digits. */
    public String sha1Hash() {
        String known = hash;
        if (known == null) {
            known = sha1(serialize());
            hash = known;
        }
        return known;
    }

    private static String sha1(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UnitFile file && options.equals(file.options);
    }

    @Override
    public int hashCode() {
        return options.hashCode();
    }

    @Override
    public String toString() {
        return "UnitFile" + options;
    }

    private static List<UnitOption> grouped(Collection<UnitOption> options) {
        Map<String, List<UnitOption>> bySection = new LinkedHashMap<>();
        for (UnitOption option : options) {
            bySection.computeIfAbsent(option.section(), s -> new ArrayList<>()).add(option);
        }
        return bySection.values().stream().flatMap(List::stream).toList();
    }
}
