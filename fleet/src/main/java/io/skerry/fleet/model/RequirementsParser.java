package io.skerry.fleet.model;

import io.skerry.base.text.Nearest;
import io.skerry.systemd.unit.Specifiers;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one {@code [X-Fleet]} section and collects all that is wrong with it. Used once. */
final class RequirementsParser {
    private static final Set<String> TRUE = Set.of("true", "yes", "1", "on", "t");
    private static final Set<String> FALSE = Set.of("false", "no", "0", "off", "f");

    private static final List<String> KNOWN =
            List.of(
                    "MachineID",
                    "MachineOf",
                    "MachineMetadata",
                    "Conflicts",
                    "Replaces",
                    "Global",
                    "Fencing",
                    "Overlap",
                    "CPU",
                    "Memory",
                    "Spread",
                    "Priority");

    /**
     * Spellings of fleet's first versions, still read. A machine was known by its boot id then,
     * hence the second one.
     */
    private static final Map<String, String> DEPRECATED =
            Map.of(
                    "X-ConditionMachineID", "MachineID",
                    "X-ConditionMachineBootID", "MachineID",
                    "X-ConditionMachineOf", "MachineOf",
                    "X-ConditionMachineMetadata", "MachineMetadata",
                    "X-Conflicts", "Conflicts");

    private static final Pattern METADATA_KEY = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern PRIORITY = Pattern.compile("[+-]?\\d{1,4}");
    private static final int MAX_PRIORITY = 1000;

    private final UnitName unit;
    private final List<String> faults = new ArrayList<>();
    private final LinkedHashSet<UnitName> machineOf = new LinkedHashSet<>();
    private final TreeMap<String, SortedSet<String>> metadata = new TreeMap<>();
    private final List<Glob> conflicts = new ArrayList<>();
    private final List<Glob> replaces = new ArrayList<>();
    private @Nullable String machineId;
    private boolean global;
    private boolean fencing = true;
    private boolean overlap = true;
    private long cpuMillis;
    private long memoryBytes;
    private @Nullable Spread spread;
    private int priority;

    RequirementsParser(UnitName unit) {
        this.unit = unit;
    }

    UnitRequirements parse(List<UnitOption> options) throws InvalidUnitException {
        for (UnitOption option : options) {
            if (option.section().equals(UnitRequirements.SECTION)) {
                String name = DEPRECATED.getOrDefault(option.name(), option.name());
                read(name, Specifiers.resolve(option.joined(), unit).strip());
            }
        }
        refuseContradictions();
        if (!faults.isEmpty()) {
            throw new InvalidUnitException(unit.value(), faults);
        }
        return new UnitRequirements(
                machineId,
                Collections.unmodifiableSequencedSet(machineOf),
                Collections.unmodifiableSortedMap(metadata),
                List.copyOf(conflicts),
                List.copyOf(replaces),
                global,
                fencing,
                overlap,
                new Resources(cpuMillis, memoryBytes),
                spread,
                priority);
    }

    private void read(String name, String value) {
        switch (name) {
            case "MachineID" -> machineId = value.isEmpty() ? null : value;
            case "MachineOf" -> readMachineOf(value);
            case "MachineMetadata" -> readMetadata(value);
            case "Conflicts" -> readPatterns(name, value, conflicts);
            case "Replaces" -> readPatterns(name, value, replaces);
            case "Global" -> global = readBoolean(name, value, false);
            case "Fencing" -> fencing = readBoolean(name, value, true);
            case "Overlap" -> overlap = readBoolean(name, value, true);
            case "CPU" -> cpuMillis = readNumber(name, value, Resources::parseCpu);
            case "Memory" -> memoryBytes = readNumber(name, value, Resources::parseMemory);
            case "Spread" -> readSpread(value);
            case "Priority" ->
                    priority = (int) readNumber(name, value, RequirementsParser::parsePriority);
            default ->
                    fault(
                            "unknown option "
                                    + name
                                    + "=; "
                                    + Nearest.to(name, KNOWN)
                                            .map(nearest -> "did you mean " + nearest + "=?")
                                            .orElse("known are " + String.join(", ", KNOWN)));
        }
    }

    // An empty value takes back what was listed before, as everywhere in unit files.
    private void readMachineOf(String value) {
        if (value.isEmpty()) {
            machineOf.clear();
        }
        for (String word : words("MachineOf", value)) {
            UnitName.parse(word)
                    .ifPresentOrElse(
                            machineOf::add,
                            () -> fault("MachineOf=" + word + " is not a unit's full name"));
        }
    }

    private void readMetadata(String value) {
        if (value.isEmpty()) {
            metadata.clear();
        }
        for (String word : words("MachineMetadata", value)) {
            int equals = word.indexOf('=');
            if (equals < 1 || equals == word.length() - 1) {
                fault("MachineMetadata=" + word + " must have the form key=value");
            } else {
                metadata.computeIfAbsent(word.substring(0, equals), k -> new TreeSet<>())
                        .add(word.substring(equals + 1));
            }
        }
    }

    private void readPatterns(String name, String value, List<Glob> patterns) {
        if (value.isEmpty()) {
            patterns.clear();
        }
        for (String word : words(name, value)) {
            try {
                patterns.add(Glob.of(word));
            } catch (IllegalArgumentException e) {
                fault(name + "=" + word + " " + e.getMessage());
            }
        }
    }

    private void readSpread(String value) {
        spread = null;
        List<String> words = words("Spread", value);
        if (words.isEmpty()) {
            return;
        }
        String key = words.getFirst();
        if (!METADATA_KEY.matcher(key).matches()) {
            fault("Spread=" + key + " names no metadata key: letters, digits, _ . and - are one");
            return;
        }
        var among = new ArrayList<Glob>();
        readPatterns("Spread", value.strip().substring(key.length()), among);
        if (among.isEmpty()) {
            Spread.instances(unit).ifPresent(among::add);
        }
        if (among.isEmpty()) {
            fault(
                    "Spread="
                            + key
                            + " must go on with patterns of the units to spread, since "
                            + unit
                            + " is no instance of a template");
        }
        spread = new Spread(key, among);
    }

    private static long parsePriority(String value) {
        if (PRIORITY.matcher(value).matches()) {
            int number = Integer.parseInt(value);
            if (Math.abs(number) <= MAX_PRIORITY) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "is no whole number from -" + MAX_PRIORITY + " to " + MAX_PRIORITY);
    }

    private long readNumber(String name, String value, ToLongFunction<String> reader) {
        if (!value.isEmpty()) {
            try {
                return reader.applyAsLong(value);
            } catch (IllegalArgumentException e) {
                fault(name + "=" + value + " " + e.getMessage());
            }
        }
        return 0;
    }

    private boolean readBoolean(String name, String value, boolean whenEmpty) {
        String word = value.toLowerCase(Locale.ROOT);
        if (!value.isEmpty() && !TRUE.contains(word) && !FALSE.contains(word)) {
            fault(name + "=" + value + " is neither true nor false");
        }
        return value.isEmpty() ? whenEmpty : TRUE.contains(word);
    }

    private void refuseContradictions() {
        if (machineId != null) {
            refuseTogether("MachineID", "MachineOf", !machineOf.isEmpty());
            refuseTogether("MachineID", "Conflicts", !conflicts.isEmpty());
            refuseTogether("MachineID", "Replaces", !replaces.isEmpty());
            refuseTogether("MachineID", "Global", global);
            refuseTogether("MachineID", "Spread", spread != null);
        }
        refuseTogether("Global", "MachineOf", global && !machineOf.isEmpty());
        refuseTogether("Global", "Replaces", global && !replaces.isEmpty());
        refuseTogether("Global", "Spread", global && spread != null);
        refuseTogether("Global", "Priority", global && priority != 0);
        refuseTogether("Conflicts", "Replaces", !conflicts.isEmpty() && !replaces.isEmpty());
        refuseSeparating("Conflicts", conflicts);
        refuseSeparating("Replaces", replaces);
        if (machineOf.contains(unit)) {
            fault("MachineOf=" + unit + " names the unit itself");
        }
    }

    private void refuseSeparating(String name, List<Glob> patterns) {
        for (UnitName peer : machineOf) {
            for (Glob glob : patterns) {
                if (glob.matches(peer.value())) {
                    fault("MachineOf=" + peer + " is also excluded by " + name + "=" + glob);
                }
            }
        }
    }

    private void refuseTogether(String one, String other, boolean both) {
        if (both) {
            fault(one + "= and " + other + "= exclude each other");
        }
    }

    /** Words between whitespace; quotes, single or double, keep one together. */
    private List<String> words(String name, String value) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                addWord(words, word);
            } else {
                word.append(c);
            }
        }
        addWord(words, word);
        if (quote != 0) {
            fault(name + "=" + value + " has a quote that is not closed");
        }
        return words;
    }

    private static void addWord(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private void fault(String sentence) {
        faults.add("[" + UnitRequirements.SECTION + "] " + sentence);
    }
}
