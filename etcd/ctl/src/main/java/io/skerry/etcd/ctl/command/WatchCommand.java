package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.LineWords;
import java.util.ArrayList;
import java.util.List;

/** Prints what happens to keys, until it is stopped. */
public final class WatchCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] [KEY [RANGE_END]] [-- PROGRAM ARGUMENT...]";
    }

    @Override
    public List<Flag> flags() {
        return WatchArguments.FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        if (invocation.on("interactive")) {
            try (var remote = invocation.connect()) {
                readLines(invocation, remote);
            }
            return;
        }
        var arguments = WatchArguments.parse(invocation.line(), invocation.console().environment());
        try (var remote = invocation.connect()) {
            new Watching(invocation, remote, arguments).run();
        }
        throw Watching.ended();
    }

    /** Until the input ends, which is a failure as etcdctl has it. */
    private static void readLines(Invocation invocation, Remote remote) throws CtlFailure {
        var lines = new InputLines(invocation.console().input());
        var watches = new ArrayList<Watching>();
        while (true) {
            String line = lines.next("error reading watch request line: ");
            List<String> words = LineWords.split(line);
            switch (words.isEmpty() ? "" : words.getFirst()) {
                case "watch" -> {
                    var environment = invocation.console().environment();
                    if (words.size() == 1 && !environment.containsKey(WatchArguments.KEY)) {
                        refuse(invocation, line + " (command type or key is not provided)");
                        continue;
                    }
                    var arguments =
                            WatchArguments.parse(words.subList(1, words.size()), environment);
                    var watching = new Watching(invocation, remote, arguments);
                    watches.add(watching);
                    Thread.ofVirtual().start(() -> follow(invocation, watching));
                }
                case "progress" -> watches.forEach(Watching::progress);
                default -> refuse(invocation, line + " (watch and progress supported)");
            }
        }
    }

    private static void refuse(Invocation invocation, String line) {
        invocation.console().err().line("Invalid command " + line);
    }

    private static void follow(Invocation invocation, Watching watching) {
        try {
            watching.run();
        } catch (CtlFailure e) {
            if (!e.isTold()) {
                invocation.console().err().line("Error: " + e.words());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
