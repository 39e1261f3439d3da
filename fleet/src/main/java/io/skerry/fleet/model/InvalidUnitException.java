package io.skerry.fleet.model;

import java.util.List;

/** A unit that systemd would take but fleet cannot honour. */
public final class InvalidUnitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /** Faults of the unit of that name. */
    public InvalidUnitException(String unit, List<String> faults) {
        super(unit + ": " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** One sentence for each fault, each naming its option; at least one. */
    public List<String> faults() {
        return faults;
    }
}
