package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Unit files on the user's disk, checked as the API will check them. */
final class LocalUnit {
    private static final long MAX_BYTES = 4 << 20;

    /** How faults of the model name an option. */
    private static final Pattern OPTION = Pattern.compile("([A-Za-z]+)=");

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
        UnitFile file;
        try {
            file = UnitFile.parse(shown, text);
        } catch (UnitFileException e) {
            throw CtlException.failed(e.faults().stream().map(f -> f.in(shown)).toList());
        }
        try {
            UnitRequirements.parse(name, file);
        } catch (InvalidUnitException e) {
            var lines = new ArrayList<String>();
            for (String fault : e.faults()) {
                lines.add(shown + ":" + line(text, fault) + ": " + fault);
            }
            throw CtlException.failed(lines);
        }
        return Optional.of(file);
    }

    /**
     * The first line that has the option which a fault names first; else the one where the section
     * begins.
     */
    private static int line(byte[] text, String fault) {
        Matcher option = OPTION.matcher(fault);
        String name = option.find() ? option.group(1) : "";
        boolean inSection = false;
        int number = 0;
        int section = 1;
        for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (line.startsWith("[")) {
                inSection = line.strip().equals("[" + UnitRequirements.SECTION + "]");
                section = inSection ? number : section;
            } else if (inSection && line.split("=", 2)[0].strip().equals(name)) {
                return number;
            }
        }
        return section;
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
