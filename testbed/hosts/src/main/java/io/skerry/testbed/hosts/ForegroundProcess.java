package io.skerry.testbed.hosts;

import java.io.IOException;
import java.util.List;

/** A command that takes over our standard streams, as if the user had called it. */
public final class ForegroundProcess {
    private ForegroundProcess() {}

    /** Runs it to the end and gives its exit code; it does not outlive this process. */
    public static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        // A signal of the terminal reaches both; one sent to us alone must end the command too.
        var end = new Thread(process::destroy, "end-foreground-process");
        Runtime.getRuntime().addShutdownHook(end);
        int code = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // A signal ends this process, and the command ended by our hook: nothing to take back.
        }
        return code;
    }
}
