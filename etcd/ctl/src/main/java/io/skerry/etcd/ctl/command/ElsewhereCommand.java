package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;

/**
 * A command that works on files, which are another program's.
 *
 * @param remedy the command line to use
 */
public record ElsewhereCommand(String remedy) implements Command {
    @Override
    public String usage() {
        return "  (use " + remedy + ")";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure {
        throw new CtlFailure(ExitStatus.BAD_FEATURE, "use " + remedy);
    }
}
