package io.skerry.etcd.ctl.command;

import io.skerry.base.text.CompletionScript;
import io.skerry.base.text.CompletionScript.Entry;
import io.skerry.base.text.CompletionScript.Shell;
import io.skerry.etcd.ctl.failure.CtlFailure;
import java.util.List;
import java.util.function.Supplier;

/** Prints the script by which a shell completes etcdctl's command lines. */
public final class CompletionCommand implements Command {
    private final Shell shell;
    private final Supplier<List<Entry>> entries;

    /**
     * For a shell.
     *
     * @param entries asked for when the script is printed
     */
    public CompletionCommand(Shell shell, Supplier<List<Entry>> entries) {
        this.shell = shell;
        this.entries = entries;
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure {
        invocation.noWords("completion takes no arguments after the shell");
        invocation.console().out().raw(CompletionScript.of(shell, "etcdctl", entries.get()));
    }
}
