package io.skerry.fleet.ctl;

import java.io.IOException;
import picocli.CommandLine.Option;

/** A command: picocli reads the arguments into its fields, then it runs. */
abstract class CtlAction {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    boolean helpWanted() {
        return help;
    }

    /** Does what was asked for and gives the exit code of the process. */
    abstract int run(Session session) throws CtlException, IOException, InterruptedException;
}
