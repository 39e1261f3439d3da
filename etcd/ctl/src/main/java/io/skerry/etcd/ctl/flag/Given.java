package io.skerry.etcd.ctl.flag;

import io.skerry.base.text.GoDuration;
import io.skerry.etcd.ctl.failure.CtlFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command line that was read: every flag with its value, and the words that are no flags.
 *
 * @param given names of the flags that were set, not left at their fallback
 */
public record Given(Map<String, String> values, Set<String> given, List<String> words) {
    public Given {
        values = Map.copyOf(values);
        given = Set.copyOf(given);
        words = List.copyOf(words);
    }

    /** The same with another value for a flag. */
    public Given with(String flag, String value) {
        var others = new HashMap<>(values);
        others.put(flag, value);
        var set = new HashSet<>(given);
        set.add(flag);
        return new Given(others, set, words);
    }

    public String text(String flag) {
        String value = values.get(flag);
        if (value == null) {
            throw new IllegalStateException("no flag " + flag + " is defined");
        }
        return value;
    }

    public boolean has(String flag) {
        return given.contains(flag);
    }

    public boolean on(String flag) {
        return text(flag).equals("true");
    }

    public long number(String flag) throws CtlFailure {
        try {
            return GoNumbers.parseLong(text(flag), 0);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.error(e.words());
        }
    }

    public Duration duration(String flag) {
        return GoDuration.parse(text(flag)).orElse(Duration.ZERO);
    }
}
