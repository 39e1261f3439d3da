package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import java.util.List;

/** One command of the command line. */
public interface Command {
    /** Its words after its name, for the help. */
    String usage();

    /** Its own flags. */
    default List<Flag> flags() {
        return List.of();
    }

    /** Does the work; a failure says with which exit status the program ends. */
    void run(Invocation invocation) throws CtlFailure, InterruptedException;
}
