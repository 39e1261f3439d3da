package io.skerry.etcd.ctl.process;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.format.Lines;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a program of the user's; what it prints goes where ours goes. */
public final class ChildProgram {
    private final Process process;
    private final Console console;

    private ChildProgram(Process process, Console console) {
        this.process = process;
        this.console = console;
    }

    /**
     * Starts it.
     *
     * @param variables added to its environment; like the program they are byte strings
     */
    public static ChildProgram start(
            List<String> program, Map<String, String> variables, Console console)
            throws CtlFailure {
        var builder = new ProcessBuilder(program.stream().map(ByteText::toText).toList());
        variables.forEach((name, value) -> builder.environment().put(name, ByteText.toText(value)));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            return new ChildProgram(builder.start(), console);
        } catch (IOException e) {
            throw CtlFailure.error(
                    "cannot run "
                            + program.getFirst()
                            + ": "
                            + ByteText.ofText(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Passes on what it prints until it ends.
     *
     * @return its exit status
     */
    public int awaitEnd() throws InterruptedException {
        var errors = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), console.err()));
        copy(process.getInputStream(), console.out());
        errors.join();
        return process.waitFor();
    }

    /** Asks it to end and waits until it has, however long it takes. */
    public void end() {
        // Unlike the process itself, its handle leaves the pipes open: what it says last counts.
        process.toHandle().destroy();
        process.onExit().join();
    }

    private static void copy(InputStream from, Lines to) {
        var buffer = new byte[8192];
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                to.raw(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            to.line("the program's output broke off: " + e.getMessage());
        }
    }
}
