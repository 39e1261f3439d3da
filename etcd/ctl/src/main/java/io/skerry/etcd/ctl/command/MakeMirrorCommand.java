package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.remote.Settings;
import java.util.List;

/** Copies keys to another cluster, and what happens to them after that, until it is stopped. */
public final class MakeMirrorCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] DESTINATION";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Flag.text("prefix", "", "only keys that begin so"),
                Flag.text("dest-prefix", "", "what their names begin with at the destination"),
                Flag.on("no-dest-prefix", "there they stand without their prefix"),
                Flag.number("rev", 0, "only what happened from this revision on"),
                Flag.number("max-txn-ops", 128, "most keys in one transaction there"),
                Flag.text("dest-cacert", "", "authorities that vouch for the destination"),
                Flag.text("dest-cert", "", "own certificate there"),
                Flag.text("dest-key", "", "key of the own certificate there"),
                Flag.on("dest-insecure-transport", "clear text where no TLS file is given")
                        .onAlready(),
                Flag.text("dest-user", "", "NAME[:PASSWORD] to act as there"),
                Flag.text("dest-password", "", "password of --dest-user"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String destination = invocation.onlyWord("make-mirror takes one destination argument");
        var given = invocation.given();
        if (given.on("no-dest-prefix") && !given.text("dest-prefix").isEmpty()) {
            throw CtlFailure.arguments(
                    "`--dest-prefix` and `--no-dest-prefix` cannot be set at the same time, choose"
                            + " one");
        }
        long most = given.number("max-txn-ops");
        if (most < 1) {
            throw CtlFailure.arguments("--max-txn-ops must be 1 at least, not " + most);
        }
        var settings = Settings.ofDestination(destination, given, invocation.passwords());
        try (var source = invocation.connect();
                var target = Remote.connect(settings, invocation.console())) {
            var renamed =
                    new Renaming(
                            given.text("prefix"),
                            given.on("no-dest-prefix") || !given.text("dest-prefix").isEmpty()
                                    ? given.text("dest-prefix")
                                    : given.text("prefix"));
            new Mirror(source, target, renamed, (int) Math.min(most, Integer.MAX_VALUE))
                    .run(given.number("rev"), invocation.console());
        }
    }

    /** How keys are called at the destination. */
    record Renaming(String prefix, String there) {
        String of(String key) {
            return there + key.substring(prefix.length());
        }
    }
}
