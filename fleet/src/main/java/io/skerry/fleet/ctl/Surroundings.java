package io.skerry.fleet.ctl;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command line gets from the process that it runs in.
 *
 * @param program how the user called it, for messages: {@code fleetctl} or {@code skerry fleet}
 * @param version of the program
 * @param environment of the process; {@code FLEETCTL_*} gives defaults of the global flags
 * @param directory against which relative paths of unit files are resolved
 * @param endpoints where the API is when neither flag nor environment says so
 */
public record Surroundings(
        String program,
        String version,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path directory,
        EndpointSource endpoints) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
