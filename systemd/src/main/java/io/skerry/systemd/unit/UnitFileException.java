package io.skerry.systemd.unit;

import java.util.List;
import java.util.stream.Collectors;

/** A unit file that systemd would not take as it was meant; tells all faults, one a line. */
public final class UnitFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String fileName;
    private final transient List<Fault> faults;
    private final transient List<UnitOption> options;

    UnitFileException(String fileName, List<Fault> faults) {
        this(fileName, faults, List.of());
    }

    UnitFileException(String fileName, List<Fault> faults, List<UnitOption> options) {
        super(faults.stream().map(f -> f.in(fileName)).collect(Collectors.joining("\n")));
        this.fileName = fileName;
        this.faults = List.copyOf(faults);
        this.options = List.copyOf(options);
    }

    /** The name that was given for the text. */
    public String fileName() {
        return fileName;
    }

    /** The faults in the order of their lines; at least one. */
    public List<Fault> faults() {
        return faults;
    }

    /** What could be read of the file, so that faults of its meaning can be told in one go. */
    public List<UnitOption> options() {
        return options;
    }
}
