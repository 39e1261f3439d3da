package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.format.Lines;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a program of the user's; what it prints goes where ours goes. */
final class ChildProgram {
    private ChildProgram() {}

    /**
     * Waits for its end.
     *
     * @return its exit status
     */
    static int run(List<String> program, Map<String, String> variables, Invocation invocation)
            throws CtlFailure, InterruptedException {
        var builder = new ProcessBuilder(program.stream().map(ByteText::toText).toList());
        builder.environment().putAll(variables);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            Process process = builder.start();
            var errors =
                    Thread.ofVirtual()
                            .start(() ->
                                    copy(process.getErrorStream(), invocation.console().err()));
            copy(process.getInputStream(), invocation.console().out());
            errors.join();
            return process.waitFor();
        } catch (IOException e) {
            throw CtlFailure.error(
                    "cannot run "
                            + program.getFirst()
                            + ": "
                            + ByteText.ofText(String.valueOf(e.getMessage())));
        }
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
