package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Standard input by lines. */
final class InputLines {
    private final InputStream input;

    InputLines(InputStream input) {
        this.input = input;
    }

    /** The next line without its end. The end of the input is a failure: a line was due. */
    String next(String prefix) throws CtlFailure {
        var line = new StringBuilder();
        try {
            for (int b = input.read(); b != '\n'; b = input.read()) {
                if (b < 0) {
                    throw new CtlFailure(ExitStatus.INVALID_INPUT, prefix + "EOF");
                }
                line.append((char) b);
            }
        } catch (IOException e) {
            throw new CtlFailure(ExitStatus.INVALID_INPUT, prefix + e.getMessage());
        }
        return line.toString();
    }

    /** Lines without the blanks around them, up to an empty one. */
    List<String> paragraph() throws CtlFailure {
        var lines = new ArrayList<String>();
        for (String line = next("").strip(); !line.isEmpty(); line = next("").strip()) {
            lines.add(line);
        }
        return List.copyOf(lines);
    }
}
