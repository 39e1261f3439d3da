package io.skerry.chaos.run;

import io.skerry.chaos.check.Violation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a run.
 *
 * @param failures how often calls failed with each code and message
 * @param faults what was done to the members, in order
 * @param folder where data and logs were kept; they are there only if something is wrong
 */
public record RunReport(
        long seed,
        int members,
        long seconds,
        int calls,
        int unanswered,
        int watchResponses,
        int leases,
        int events,
        Map<String, Integer> failures,
        List<String> faults,
        List<Violation> violations,
        Path folder) {
    public RunReport {
        failures = Map.copyOf(failures);
        faults = List.copyOf(faults);
        violations = List.copyOf(violations);
    }

    public boolean passed() {
        return violations.isEmpty();
    }

    /** For people. */
    public String text() {
        var text = new StringBuilder();
        text.append(
                "seed %d, %d members, %d s, %d faults%n"
                        .formatted(seed, members, seconds, faults.size()));
        text.append(
                "%d calls, %d without an answer, %d responses of watches, %d leases, %d events%n"
                        .formatted(calls, unanswered, watchResponses, leases, events));
        new TreeMap<>(failures)
                .forEach((reason, times) -> text.append("%6d × %s%n".formatted(times, reason)));
        if (passed()) {
            return text.append("every promise was kept").append(System.lineSeparator()).toString();
        }
        faults.forEach(fault -> text.append("  ").append(fault).append(System.lineSeparator()));
        for (Violation violation : violations) {
            text.append("BROKEN ").append(violation.promise()).append(": ");
            text.append(violation.what()).append(System.lineSeparator());
            violation
                    .excerpt()
                    .forEach(line ->
                            text.append("    ").append(line).append(System.lineSeparator()));
        }
        text.append("repeat it with --seed %d; data and logs are in %s%n".formatted(seed, folder));
        return text.toString();
    }
}
