package io.skerry.etcd.ctl.remote;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.Console;

/** Asks at the terminal, without showing what is typed. */
public final class Passwords {
    @SuppressWarnings("SystemConsoleNull") // it is null again as of JDK 25
    public String ask(String prompt) throws CtlFailure {
        Console terminal = System.console();
        if (terminal == null || !terminal.isTerminal()) {
            throw CtlFailure.error("no terminal to ask for a password at");
        }
        char[] typed = terminal.readPassword("%s", prompt);
        return typed == null ? "" : ByteText.ofText(new String(typed));
    }
}
