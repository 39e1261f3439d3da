package io.skerry.fleet.ctl;

import java.io.IOException;
import java.util.List;
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

    /**
     * Takes the words of a command line without flags as picocli would read them, which costs more
     * than most commands take themselves.
     *
     * @return false: nothing was taken, picocli shall read them or say what is wrong with them
     */
    boolean take(List<String> words) {
        return false;
    }

    /** Does what was asked for and gives the exit code of the process. */
    abstract int run(Session session) throws CtlException, IOException, InterruptedException;
}
