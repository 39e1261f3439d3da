package io.skerry.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what runs here. */
@Command(
        name = "version",
        description = "Print the version of the program and of its Java.",
        footer = {"", "Example:", "  skerry version"})
final class VersionCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().getOut().printf("skerry %s (Java %s)%n", version(), Runtime.version());
    }

    /** As the build wrote it into the program. */
    static String version() {
        var version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
