package io.skerry.fleet.conf;

import io.skerry.base.text.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is said of options, and where. Flags win over the environment, the environment over the
 * file, the file over defaults.
 */
public final class OptionValues {
    /** Where the original looks for its file when nobody names one. */
    public static final Path DEFAULT_FILE = Path.of("/etc/fleet/fleet.conf");

    /**
     * A value.
     *
     * @param place how an error calls the option: with its file and line, as a variable or flag
     */
    record Said(String value, String place) {}

    private final Map<FleetOption, Said> said = new EnumMap<>(FleetOption.class);

    private OptionValues() {}

    /**
     * Reads all three.
     *
     * @param file null: the usual one, if it is there
     * @param environment of the process
     * @param flags values by the option's key
     */
    public static OptionValues read(
            @Nullable Path file, Map<String, String> environment, Map<String, String> flags)
            throws ConfException {
        var values = new OptionValues();
        if (file != null || Files.exists(DEFAULT_FILE)) {
            values.readFile(file == null ? DEFAULT_FILE : file);
        }
        for (FleetOption option : FleetOption.values()) {
            values.say(option, environment.get(option.variable()), option.variable());
        }
        for (RefusedOption option : RefusedOption.values()) {
            option.check(environment.getOrDefault(option.variable(), ""), option.variable());
        }
        for (FleetOption option : FleetOption.values()) {
            String value = flags.get(option.key());
            if (value != null && option.secret()) {
                throw new ConfException(
                        "--"
                                + option.key()
                                + " would show the password to everybody on the host; give it in"
                                + " the file, as "
                                + option.variable()
                                + ", or name a file with --"
                                + FleetOption.ETCD_PASSWORD_FILE.key());
            }
            values.say(option, value, "--" + option.key());
        }
        for (RefusedOption option : RefusedOption.values()) {
            option.check(flags.getOrDefault(option.key(), ""), "--" + option.key());
        }
        return values;
    }

    /** Variables that look like options and are none, such as misspelt ones. */
    public static List<String> unknownVariables(Map<String, String> environment) {
        var known = new HashSet<String>();
        for (FleetOption option : FleetOption.values()) {
            known.add(option.variable());
        }
        for (RefusedOption option : RefusedOption.values()) {
            known.add(option.variable());
        }
        return environment.keySet().stream()
                .filter(name -> name.startsWith("FLEET_") && !known.contains(name))
                .sorted()
                .toList();
    }

    /** A value, or the default. */
    String text(FleetOption option) {
        Said value = said.get(option);
        return value == null ? option.defaultValue() : value.value();
    }

    /** The refusal of an option's value. */
    ConfException refusal(FleetOption option, String allowed) {
        return new ConfException(
                place(option)
                        + " is "
                        + (option.secret() ? "set" : "\"" + text(option) + "\"")
                        + " and must be "
                        + allowed);
    }

    /** How an error calls the option. */
    String place(FleetOption option) {
        Said value = said.get(option);
        return value == null ? option.key() : value.place();
    }

    private void say(FleetOption option, @Nullable String value, String place) {
        if (value != null && !value.isEmpty()) {
            said.put(option, new Said(value, place));
        }
    }

    private void readFile(Path file) throws ConfException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new ConfException(file + " does not exist; docs/fleet.md lists what it may hold");
        } catch (IOException e) {
            throw new ConfException("cannot read " + file + ": " + e.getMessage());
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';') {
                readLine(file + ":" + (i + 1) + ": ", line, seen);
            }
        }
    }

    private void readLine(String place, String line, Set<String> seen) throws ConfException {
        int equals = line.indexOf('=');
        if (equals <= 0) {
            throw new ConfException(place + "\"" + line + "\" is no option; write key=value");
        }
        String key = line.substring(0, equals).strip();
        String value = unquoted(line.substring(equals + 1).strip());
        if (!seen.add(key)) {
            throw new ConfException(place + key + " is given twice");
        }
        var refused = RefusedOption.named(key);
        if (refused.isPresent()) {
            refused.get().check(value, place + key);
            return;
        }
        var option = FleetOption.named(key);
        if (option.isEmpty()) {
            throw new ConfException(place + "no option " + key + nearest(key));
        }
        say(option.get(), value, place + key);
    }

    private static String nearest(String key) {
        var known = new ArrayList<>(FleetOption.keys());
        return Nearest.to(key, known)
                .map(word -> "; did you mean " + word + "?")
                .orElse("; known are " + String.join(", ", new TreeSet<>(known)));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
