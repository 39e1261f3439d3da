package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import java.io.IOException;
import java.io.InputStream;

/** A password that is set: asked for twice, or the first word of standard input. */
final class NewPassword {
    private NewPassword() {}

    static String read(Invocation invocation, String user) throws CtlFailure {
        if (!invocation.on("interactive")) {
            return firstWord(invocation.console().input());
        }
        var passwords = invocation.passwords();
        String password = ask(invocation, "Password of " + user + ": ");
        if (password.isEmpty()) {
            throw CtlFailure.arguments("empty password");
        }
        String again = passwords.ask("Type password of " + user + " again for confirmation: ");
        if (!password.equals(again)) {
            throw CtlFailure.arguments("given passwords are different");
        }
        return password;
    }

    private static String ask(Invocation invocation, String prompt) throws CtlFailure {
        try {
            return invocation.passwords().ask(prompt);
        } catch (CtlFailure e) {
            throw CtlFailure.arguments("failed to ask password: " + e.words());
        }
    }

    private static String firstWord(InputStream input) throws CtlFailure {
        var word = new StringBuilder();
        try {
            for (int b = input.read(); b > ' '; b = input.read()) {
                word.append((char) b);
            }
        } catch (IOException e) {
            throw CtlFailure.arguments("failed to read the password: " + e.getMessage());
        }
        return word.toString();
    }
}
