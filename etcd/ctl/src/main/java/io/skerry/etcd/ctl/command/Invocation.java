package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Answer.Style;
import io.skerry.etcd.ctl.format.Format;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.remote.Passwords;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.remote.Settings;
import java.util.List;

/**
 * A command as it was given.
 *
 * @param line what followed its name, flags included
 */
public record Invocation(Given given, List<String> line, Console console, Passwords passwords) {
    public Invocation {
        line = List.copyOf(line);
    }

    List<String> words() {
        return given.words();
    }

    boolean on(String flag) {
        return given.on(flag);
    }

    Format format() throws CtlFailure {
        return Format.named(given.text("write-out"));
    }

    Settings settings() throws CtlFailure {
        return Settings.of(given, passwords);
    }

    /** A client; an unknown output format is refused before anything is asked. */
    Remote connect() throws CtlFailure, InterruptedException {
        Settings settings = settings();
        format();
        return Remote.connect(settings, console);
    }

    void print(Answer answer) throws CtlFailure {
        print(answer, false);
    }

    void print(Answer answer, boolean valueOnly) throws CtlFailure {
        format().print(answer, new Style(on("hex"), valueOnly), console.out());
    }

    /** A line of its own, whatever the output format. */
    void line(String byteString) {
        console.out().line(byteString);
    }

    /** Refuses other numbers of words than one. */
    String onlyWord(String otherwise) throws CtlFailure {
        if (words().size() != 1) {
            throw CtlFailure.arguments(otherwise);
        }
        return words().getFirst();
    }

    void noWords(String otherwise) throws CtlFailure {
        if (!words().isEmpty()) {
            throw CtlFailure.arguments(otherwise);
        }
    }
}
