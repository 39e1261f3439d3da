package io.skerry.etcd.ctl.remote;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.FlagSet;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The flags that every command takes, and their {@code ETCDCTL_…} variables. */
public final class GlobalFlags {
    private static final String PREFIX = "ETCDCTL_";

    /** Variables that are no flags. */
    private static final Set<String> OTHERS =
            Set.of("ETCDCTL_API", "ETCDCTL_WATCH_KEY", "ETCDCTL_WATCH_RANGE_END");

    public static final List<Flag> ALL =
            List.of(
                    Flag.text("cacert", "", "authorities that vouch for the servers"),
                    Flag.text("cert", "", "own certificate"),
                    Flag.duration("command-timeout", "5s", "time for a request"),
                    Flag.on("debug", "print flags and each request on standard error"),
                    Flag.duration("dial-timeout", "2s", "time for one connection"),
                    Flag.text("discovery-srv", "", "domain whose SRV records name the members")
                            .letter('d'),
                    Flag.text("discovery-srv-name", "", "which store of --discovery-srv"),
                    Flag.text("endpoints", "127.0.0.1:2379", "members to ask, with commas between"),
                    Flag.on("hex", "keys and values as hexadecimal bytes"),
                    Flag.on("insecure-discovery", "http members of --discovery-srv count, too")
                            .onAlready(),
                    Flag.on("insecure-skip-tls-verify", "believe any certificate of a server"),
                    Flag.on("insecure-transport", "clear text where no TLS file is given")
                            .onAlready(),
                    Flag.duration("keepalive-time", "2s", "not supported: it is always 5.5s"),
                    Flag.duration("keepalive-timeout", "6s", "not supported: it is always 4s"),
                    Flag.text("key", "", "key of the own certificate"),
                    Flag.text("password", "", "password of --user"),
                    Flag.text("user", "", "NAME[:PASSWORD] to act as"),
                    Flag.text(
                                    "write-out",
                                    "simple",
                                    "output format: simple, fields, json, table or protobuf")
                            .letter('w'));

    private GlobalFlags() {}

    /** The command line with what the environment adds to it. */
    public static Given withEnvironment(
            Given given, Map<String, String> environment, Consumer<String> warn) throws CtlFailure {
        var values = new HashMap<>(given.values());
        var set = new HashSet<>(given.given());
        var left = new TreeMap<>(environment);
        var flags = new FlagSet(ALL);
        for (Flag flag : ALL) {
            String variable = variable(flag.name());
            String value = left.remove(variable);
            if (value == null || value.isEmpty()) {
                continue;
            }
            if (given.has(flag.name())) {
                throw CtlFailure.error(
                        "both %s and --%s are given; unset one of them"
                                .formatted(variable, flag.name()));
            }
            String bytes = ByteText.ofText(value);
            values.put(flag.name(), flags.checked(flag, variable, bytes));
            set.add(flag.name());
        }
        for (String name : left.keySet()) {
            if (name.startsWith(PREFIX) && !OTHERS.contains(name)) {
                warn.accept("unrecognized environment variable " + name + "=" + left.get(name));
            }
        }
        return new Given(values, set, given.words());
    }

    /** {@code dial-timeout} is {@code ETCDCTL_DIAL_TIMEOUT}. */
    public static String variable(String flag) {
        return PREFIX + flag.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Flags of a command with the global ones. */
    public static List<Flag> with(List<Flag> own) {
        var all = new ArrayList<>(own);
        all.addAll(ALL);
        return List.copyOf(all);
    }
}
