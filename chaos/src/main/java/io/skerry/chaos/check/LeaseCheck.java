package io.skerry.chaos.check;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.LeaseTrial;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether leases live for as long as was promised: neither the lease nor its key is gone before the
 * time to live has passed since the last renewal that was confirmed was sent; and in the end all
 * are gone that nobody renews.
 */
public final class LeaseCheck {
    private static final String PROMISE = "lease lifetime";

    private LeaseCheck() {}

    /**
     * Leases that ended too early or never.
     *
     * @param expectedGone whether all faults had been over for long enough
     */
    public static List<Violation> of(List<LeaseTrial> trials, boolean expectedGone) {
        var violations = new ArrayList<Violation>();
        for (LeaseTrial trial : trials) {
            long gone = Math.min(trial.refusedNanos(), trial.goneNanos());
            if (gone == Call.NEVER) {
                if (expectedGone) {
                    add(violations, trial, "a lease that nobody renewed is still there");
                }
                continue;
            }
            long end = trial.renewedNanos().getLast() + trial.ttlNanos();
            if (gone < Math.min(end, trial.revokedNanos())) {
                add(violations, trial, "a lease ended before its time");
            }
        }
        return violations;
    }

    private static void add(List<Violation> violations, LeaseTrial trial, String what) {
        violations.add(new Violation(PROMISE, what, List.of(trial.toString())));
    }
}
