package io.skerry.containers.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.containers.image.ImageName;
import io.skerry.systemd.unit.Specifiers;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a unit file says in its section {@code [X-Container]}, which systemd does not read.
 *
 * @param command what runs; empty: as the image says
 * @param environment {@code NAME=VALUE}, over that of the image
 * @param user as in an image; empty: the image's
 * @param workingDirectory empty: the image's
 */
public record ContainerSpec(
        ImageName image,
        List<String> command,
        List<String> environment,
        List<Volume> volumes,
        List<PublishedPort> ports,
        String user,
        String workingDirectory) {
    /** The section of the unit file. */
    public static final String SECTION = "X-Container";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VARIABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=[^\\n\\r\\x00]*");
    private static final List<String> OPTIONS =
            List.of(
                    "Image",
                    "Command",
                    "Environment",
                    "Volume",
                    "Publish",
                    "User",
                    "WorkingDirectory");

    public ContainerSpec {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        volumes = List.copyOf(volumes);
        ports = List.copyOf(ports);
    }

    /** Reads the section of a unit; {@code %n}, {@code %N} and {@code %p} are resolved. */
    public static ContainerSpec of(UnitName unit, UnitFile file) throws ContainerException {
        checkOptions(file);
        String image =
                file.lastValue(SECTION, "Image")
                        .orElseThrow(() ->
                                new ContainerException(
                                        "[" + SECTION + "] Image= is missing in " + unit));
        var volumes = new ArrayList<Volume>();
        for (String value : values(unit, file, "Volume")) {
            volumes.add(Volume.parse(value));
        }
        var ports = new ArrayList<PublishedPort>();
        for (String value : values(unit, file, "Publish")) {
            ports.add(PublishedPort.parse(value));
        }
        var environment = new ArrayList<String>();
        for (String value : values(unit, file, "Environment")) {
            environment.add(variable(value));
        }
        return new ContainerSpec(
                imageName(Specifiers.resolve(image, unit)),
                command(values(unit, file, "Command")),
                environment,
                volumes,
                ports,
                one(unit, file, "User"),
                one(unit, file, "WorkingDirectory"));
    }

    private static void checkOptions(UnitFile file) throws ContainerException {
        Set<String> unknown = new LinkedHashSet<>();
        for (UnitOption option : file.options()) {
            if (option.section().equals(SECTION) && !OPTIONS.contains(option.name())) {
                unknown.add(option.name());
            }
        }
        if (!unknown.isEmpty()) {
            throw new ContainerException(
                    "["
                            + SECTION
                            + "] has no "
                            + String.join(", ", unknown)
                            + "; it may have "
                            + String.join(", ", OPTIONS));
        }
    }

    private static List<String> values(UnitName unit, UnitFile file, String option) {
        return file.listValues(SECTION, option).stream()
                .map(value -> Specifiers.resolve(value, unit))
                .toList();
    }

    private static String one(UnitName unit, UnitFile file, String option) {
        return Specifiers.resolve(file.lastValue(SECTION, option).orElse(""), unit);
    }

    /** Reads an image's name. */
    public static ImageName imageName(String text) throws ContainerException {
        try {
            return new ImageName(text);
        } catch (IllegalArgumentException e) {
            throw new ContainerException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Checks a variable of the environment. */
    public static String variable(String text) throws ContainerException {
        if (!VARIABLE.matcher(text).matches()) {
            throw new ContainerException(
                    "environment '"
                            + text
                            + "' must be NAME=VALUE on one line, the name of letters, digits and"
                            + " _");
        }
        return text;
    }

    private static List<String> command(List<String> values) throws ContainerException {
        if (values.isEmpty()) {
            return List.of();
        }
        try {
            return List.of(JSON.readValue(values.getLast(), String[].class));
        } catch (JsonProcessingException | NullPointerException e) {
            throw new ContainerException(
                    "["
                            + SECTION
                            + "] Command= must be a JSON array of texts, for instance"
                            + " [\"sleep\", \"60\"], not "
                            + values.getLast(),
                    e);
        }
    }

    /** The options of the section, in which nothing is left to resolve. */
    List<UnitOption> options() {
        var options = new ArrayList<UnitOption>();
        options.add(option("Image", image.value()));
        if (!command.isEmpty()) {
            try {
                options.add(option("Command", JSON.writeValueAsString(command)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts can always be written as JSON", e);
            }
        }
        environment.forEach(variable -> options.add(option("Environment", variable)));
        volumes.forEach(volume -> options.add(option("Volume", volume.toString())));
        ports.forEach(port -> options.add(option("Publish", port.toString())));
        if (!user.isEmpty()) {
            options.add(option("User", user));
        }
        if (!workingDirectory.isEmpty()) {
            options.add(option("WorkingDirectory", workingDirectory));
        }
        return options;
    }

    private static UnitOption option(String name, String value) {
        return new UnitOption(SECTION, name, value.replace("%", "%%"));
    }
}
