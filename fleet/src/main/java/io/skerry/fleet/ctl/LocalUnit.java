package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.Fault;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Unit files on the user's disk, checked as the API will check them. */
final class LocalUnit {
    private static final long MAX_BYTES = 4 << 20;

    /** How faults of the model name an option, and the word of its value that is wrong. */
    private static final Pattern OPTION = Pattern.compile("([A-Za-z-]+)=([^\\s;]*)");

    private LocalUnit() {}

    /**
     * Reads the file if there is one.
     *
     * @param name what the unit will be called, which for an instance differs from the file's name
     * @throws CtlException with every fault, each with the line that it is in
     */
    static Optional<UnitFile> read(Path path, UnitName name) throws CtlException, IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        if (Files.size(path) > MAX_BYTES) {
            throw CtlException.failed(
                    path + " is larger than " + MAX_BYTES + " bytes and hence no unit file");
        }
        String shown = String.valueOf(path.getFileName());
        byte[] text = Files.readAllBytes(path);
        var faults = new ArrayList<Fault>();
        var options = List.<UnitOption>of();
        Optional<UnitFile> file = Optional.empty();
        try {
            file = Optional.of(UnitFile.parse(shown, text));
            options = file.get().options();
            if (options.isEmpty()) {
                faults.add(new Fault(1, "", "there is no option in it; a unit needs one at least"));
            }
        } catch (UnitFileException e) {
            faults.addAll(e.faults());
            options = e.options();
        }
        try {
            UnitRequirements.parse(name, options);
        } catch (InvalidUnitException e) {
            e.faults().forEach(fault -> faults.add(new Fault(line(text, fault), "", fault)));
        }
        if (!faults.isEmpty()) {
            throw CtlException.failed(
                    faults.stream()
                            .sorted(Comparator.comparingInt(Fault::line))
                            .map(fault -> fault.in(shown))
                            .toList());
        }
        return file;
    }

    /**
     * The line that has the option and value which a fault names first; else the first one with the
     * option; else the one where the section begins.
     */
    private static int line(byte[] text, String fault) {
        Matcher named = OPTION.matcher(fault);
        boolean found = named.find();
        String option = found ? named.group(1) : "";
        String value = found ? named.group(2) : "";
        boolean inSection = false;
        int number = 0;
        int section = 1;
        int withOption = 0;
        for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (line.startsWith("[")) {
                inSection = line.strip().equals("[" + UnitRequirements.SECTION + "]");
                section = inSection ? number : section;
            } else if (inSection && line.split("=", 2)[0].strip().equals(option)) {
                if (line.substring(line.indexOf('=') + 1).contains(value)) {
                    return number;
                }
                withOption = withOption == 0 ? number : withOption;
            }
        }
        return withOption > 0 ? withOption : section;
    }

    /** Whether a unit that the cluster has taken runs on every machine that fits. */
    static boolean isGlobal(UnitEntity unit) {
        var name = UnitName.parse(unit.name());
        try {
            return name.isPresent() && UnitRequirements.parse(name.get(), unit.options()).global();
        } catch (InvalidUnitException e) {
            return false; // what the store holds has been checked when it came in
        }
    }

    /** SHA-1 of the unit file that has these options. */
    static String hash(List<UnitOption> options) {
        try {
            return UnitFile.of("", options).sha1Hash();
        } catch (UnitFileException e) {
            return ""; // what the store holds has been checked when it came in
        }
    }
}
