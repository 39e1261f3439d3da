package io.skerry.node.containers;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The images of the hosts, without any registry. */
@Command(
        name = "images",
        description = "List, import, build and remove the images that containers are made of.",
        subcommands = {
            ImagesListCommand.class,
            ImagesImportCommand.class,
            ImagesBuildCommand.class,
            ImagesRemoveCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  skerry images list",
            "  skerry images import web.tar",
            "  skerry images build-from-dir ./root web:1"
        })
public final class ImagesCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say list, import, build-from-dir or remove");
    }
}
