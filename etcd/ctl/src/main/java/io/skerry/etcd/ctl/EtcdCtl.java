package io.skerry.etcd.ctl;

import io.skerry.base.net.SrvRecords;
import io.skerry.etcd.ctl.command.Invocation;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.FlagSet;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.remote.ClientRecords;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.remote.GlobalFlags;
import io.skerry.etcd.ctl.remote.Passwords;
import io.skerry.etcd.ctl.v2.V2Ctl;
import java.util.ArrayList;
import java.util.List;

/** Runs command lines of etcdctl. */
public final class EtcdCtl {
    private EtcdCtl() {}

    /**
     * Runs one command.
     *
     * @param line its words, byte strings
     * @return the exit status, as etcdctl has it; 2 also for a command or flag that there is not
     */
    public static int run(List<String> line, Console console) {
        try {
            runOrFail(line, console);
            return 0;
        } catch (CtlFailure e) {
            if (!e.isTold()) {
                console.err().line("Error: " + e.words());
            }
            return e.status();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.err().line("Error: interrupted");
            return ExitStatus.INTERRUPTED;
        }
    }

    private static void runOrFail(List<String> line, Console console)
            throws CtlFailure, InterruptedException {
        if ("2".equals(console.environment().get("ETCDCTL_API"))) {
            V2Ctl.run(line, console);
            return;
        }
        boolean help = !line.isEmpty() && line.getFirst().equals("help");
        var search = CommandSearch.of(help ? line.subList(1, line.size()) : line);
        if (search.commands().size() != 1 || search.group().isPresent()) {
            // Flags that there are not are refused even then.
            new FlagSet(HelpText.globalFlagsAndHelp()).parse(search.rest());
            console.out().raw(HelpText.of(search.commands(), search.group()));
            return;
        }
        CtlCommand named = search.commands().getFirst();
        var command = named.create();
        var flags = new ArrayList<Flag>(command.flags());
        flags.add(HelpText.HELP);
        Given given = new FlagSet(GlobalFlags.with(flags)).parse(search.rest());
        if (help || given.on("help")) {
            console.out().raw(HelpText.of(named));
            return;
        }
        given =
                GlobalFlags.withEnvironment(
                        given, console.environment(), warning -> console.log("warn", warning));
        given = ClientRecords.applied(given, new SrvRecords(null)::lookUp, console.err()::line);
        command.run(new Invocation(given, search.rest(), console, new Passwords()));
    }
}
