package io.skerry.etcd.ctl.flag;

import io.skerry.base.text.GoDuration;
import io.skerry.base.text.Nearest;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads command lines with a set of flags. */
public final class FlagSet {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final Map<String, Flag> byName = new LinkedHashMap<>();
    private final Map<Character, Flag> byLetter = new HashMap<>();

    public FlagSet(List<Flag> flags) {
        for (Flag flag : flags) {
            byName.put(flag.name(), flag);
            if (flag.letter() != 0) {
                byLetter.put(flag.letter(), flag);
            }
        }
    }

    /** Reads a whole command line, in which flags and words may be mixed. */
    public Given parse(List<String> line) throws CtlFailure {
        var values = new HashMap<String, String>();
        byName.forEach((name, flag) -> values.put(name, flag.fallback()));
        var given = new HashSet<String>();
        var words = new ArrayList<String>();
        for (int i = 0; i < line.size(); ) {
            String word = line.get(i);
            if (word.equals("--")) {
                words.addAll(line.subList(i + 1, line.size()));
                break;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                words.add(word);
                i++;
                continue;
            }
            i +=
                    word.startsWith("--")
                            ? longForm(line, i, values, given)
                            : letters(line, i, values, given);
        }
        return new Given(values, given, words);
    }

    /** Where the first word of a line stands that is neither a flag nor a flag's value; or -1. */
    public int firstWord(List<String> line) throws CtlFailure {
        var ignored = new HashMap<String, String>();
        for (int i = 0; i < line.size(); ) {
            String word = line.get(i);
            if (word.equals("--")) {
                return -1;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                return i;
            }
            i +=
                    word.startsWith("--")
                            ? longForm(line, i, ignored, new HashSet<>())
                            : letters(line, i, ignored, new HashSet<>());
        }
        return -1;
    }

    /** A value from elsewhere, checked and spelled as one of the command line. */
    public String checked(Flag flag, String shown, String value) throws CtlFailure {
        check(flag, shown, value);
        return normal(flag, value);
    }

    private static void check(Flag flag, String shown, String value) throws CtlFailure {
        String wrong =
                switch (flag.kind()) {
                    case TEXT -> null;
                    case SWITCH ->
                            TRUE.contains(value) || FALSE.contains(value)
                                    ? null
                                    : "strconv.ParseBool: parsing \""
                                            + value
                                            + "\": invalid syntax";
                    case DURATION ->
                            GoDuration.parse(value).isPresent()
                                    ? null
                                    : "\"" + value + "\" is no duration such as 5s, 1m30s or 500ms";
                    case NUMBER -> {
                        try {
                            GoNumbers.parseLong(value, 0);
                            yield null;
                        } catch (GoNumbers.NotANumber e) {
                            yield e.words();
                        }
                    }
                };
        if (wrong != null) {
            throw CtlFailure.error(
                    "invalid argument \"%s\" for \"%s\" flag: %s".formatted(value, shown, wrong));
        }
    }

    private int longForm(List<String> line, int at, Map<String, String> values, Set<String> given)
            throws CtlFailure {
        String word = line.get(at).substring(2);
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Flag flag = byName.get(name);
        if (flag == null) {
            throw new CtlFailure(
                    ExitStatus.USAGE,
                    "unknown flag: --"
                            + name
                            + Nearest.to(name, byName.keySet())
                                    .map(nearest -> "; did you mean --" + nearest + "?")
                                    .orElse(""));
        }
        return take(
                flag,
                "--" + name,
                equals < 0 ? line : null,
                at,
                word.substring(equals + 1),
                values,
                given);
    }

    private int letters(List<String> line, int at, Map<String, String> values, Set<String> given)
            throws CtlFailure {
        String letters = line.get(at).substring(1);
        for (int i = 0; i < letters.length(); i++) {
            Flag flag = byLetter.get(letters.charAt(i));
            if (flag == null) {
                throw new CtlFailure(
                        ExitStatus.USAGE,
                        "unknown shorthand flag: '%s' in -%s"
                                .formatted(letters.charAt(i), letters));
            }
            String shown = "-" + letters.charAt(i) + ", --" + flag.name();
            String rest = letters.substring(i + 1);
            if (rest.startsWith("=")) {
                return take(flag, shown, null, at, rest.substring(1), values, given);
            }
            if (flag.kind() != Flag.Kind.SWITCH) {
                return take(flag, shown, rest.isEmpty() ? line : null, at, rest, values, given);
            }
            take(flag, shown, line, at, "", values, given);
        }
        return 1;
    }

    /** Sets a flag; {@code line} is where its value is looked for if it is not attached. */
    private int take(
            Flag flag,
            String shown,
            @Nullable List<String> line,
            int at,
            String attached,
            Map<String, String> values,
            Set<String> given)
            throws CtlFailure {
        String value = attached;
        int taken = 1;
        if (line != null) {
            if (flag.kind() == Flag.Kind.SWITCH) {
                value = "true";
            } else if (at + 1 < line.size()) {
                value = line.get(at + 1);
                taken = 2;
            } else {
                throw CtlFailure.error(
                        "flag needs an argument: "
                                + (shown.startsWith("--")
                                        ? shown
                                        : "'" + flag.letter() + "' in -" + flag.letter()));
            }
        }
        check(flag, shown, value);
        values.put(flag.name(), normal(flag, value));
        given.add(flag.name());
        return taken;
    }

    /** Switches are {@code true} or {@code false} whatever spelling was used. */
    private static String normal(Flag flag, String value) {
        return flag.kind() == Flag.Kind.SWITCH ? String.valueOf(TRUE.contains(value)) : value;
    }
}
