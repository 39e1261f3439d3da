package io.skerry.etcd.ctl.v2;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.SrvRecords;
import io.skerry.base.text.Nearest;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.ctl.command.VersionCommand;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.FlagSet;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.remote.ClientRecords;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.remote.Passwords;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs command lines of the older etcdctl. */
public final class V2Ctl {
    private static final Flag HELP = Flag.on("help", "show this help").letter('h');
    private static final Flag VERSION =
            Flag.on("version", "print the version of etcdctl that this is like").letter('v');
    private static final List<Flag> GLOBAL =
            List.of(
                    Flag.text(
                            "endpoints",
                            "http://127.0.0.1:2379,http://127.0.0.1:4001",
                            "members to ask, with commas between"),
                    Flag.text("endpoint", "", "older name of --endpoints"),
                    Flag.text("peers", "", "older name of --endpoints").letter('C'),
                    Flag.text("discovery-srv", "", "domain whose SRV records name the members")
                            .letter('D'),
                    Flag.on("insecure-discovery", "http members of --discovery-srv count, too"),
                    Flag.on("no-sync", "ask only these, not the members that they tell of"),
                    Flag.on("debug", "each request on standard error, as a curl command"),
                    Flag.text("output", "simple", "simple, extended or json").letter('o'),
                    Flag.text("username", "", "NAME[:PASSWORD] to act as").letter('u'),
                    Flag.text("ca-file", "", "authorities that vouch for the servers"),
                    Flag.text("cert-file", "", "own certificate"),
                    Flag.text("key-file", "", "key of the own certificate"),
                    Flag.duration("timeout", "2s", "time for one answer"),
                    Flag.duration("total-timeout", "5s", "time for all answers of a command"),
                    HELP,
                    VERSION);
    private static final Map<String, String> VARIABLES =
            Map.of(
                    "ETCDCTL_ENDPOINTS", "endpoints",
                    "ETCDCTL_ENDPOINT", "endpoint",
                    "ETCDCTL_PEERS", "peers",
                    "ETCDCTL_DISCOVERY_SRV", "discovery-srv",
                    "ETCDCTL_USERNAME", "username",
                    "ETCDCTL_CA_FILE", "ca-file",
                    "ETCDCTL_CERT_FILE", "cert-file",
                    "ETCDCTL_KEY_FILE", "key-file");

    private V2Ctl() {}

    /** Runs a command, or fails as the original does. */
    public static void run(List<String> line, Console console)
            throws CtlFailure, InterruptedException {
        try {
            runCommand(line, console);
        } catch (CtlFailure e) {
            if (e.isTold() || V2Failure.isOfKeys(e)) {
                throw e;
            }
            console.err().line(e.words());
            throw CtlFailure.told(e.status());
        }
    }

    private static void runCommand(List<String> line, Console console)
            throws CtlFailure, InterruptedException {
        var rest = new ArrayList<>(line);
        Optional<String> path = path(rest);
        if (path.isEmpty() && new FlagSet(GLOBAL).parse(line).on("version")) {
            console.out().line("etcdctl version: " + VersionCommand.VERSION);
            console.out().line("API version: 2");
            return;
        }
        if (path.isEmpty() || path.get().equals("help")) {
            console.out().raw(help());
            return;
        }
        var found = V2Command.named(path.get());
        if (found.isEmpty()) {
            var known = Arrays.stream(V2Command.values()).map(V2Command::path).toList();
            throw new CtlFailure(
                    ExitStatus.INVALID_INPUT,
                    "no command \"%s\" with ETCDCTL_API=2%s"
                            .formatted(
                                    path.get(),
                                    Nearest.to(path.get(), known)
                                            .map(near -> "; did you mean " + near + "?")
                                            .orElse("; see etcdctl help")));
        }
        var flags = new ArrayList<>(found.get().flags());
        flags.addAll(GLOBAL);
        Given given = withEnvironment(new FlagSet(flags).parse(rest), console.environment());
        if (given.on("help")) {
            console.out().raw(help(found.get()));
            return;
        }
        given = ClientRecords.applied(given, new SrvRecords(null)::lookUp, console.err()::line);
        var passwords = new Passwords();
        var store = store(given, passwords, given.on("debug") ? console.err()::line : _ -> {});
        if (found.get().syncs() && !given.on("no-sync")) {
            store = synced(store, given, console);
        }
        if (given.on("debug")) {
            console.err().line("Cluster-Endpoints: " + joined(store, ", "));
        }
        found.get().work().of(new V2Invocation(given, store, console, passwords));
    }

    /** The members that the cluster tells, whoever of those that were given could be asked. */
    private static V2Store synced(V2Store given, Given flags, Console console) throws CtlFailure {
        boolean debug = flags.on("debug");
        if (debug) {
            console.err().line("start to sync cluster using endpoints(" + joined(given, ",") + ")");
        }
        V2Store synced = given.synced();
        if (synced.endpoints().isEmpty()) {
            console.err().line("etcd cluster has no published client endpoints.");
            console.err()
                    .line(
                            "Try '--no-sync' if you want to access non-published client endpoints(%s)."
                                    .formatted(joined(given, ",")));
            throw V2Failure.ofKeys(V2Store.FAILED, "client: no endpoints available");
        }
        if (debug) {
            console.err().line("got endpoints(" + joined(synced, ",") + ") after sync");
        }
        return synced;
    }

    private static String joined(V2Store store, String separator) {
        return store.endpoints().stream()
                .map(ListenUrl::toString)
                .collect(Collectors.joining(separator));
    }

    /** Takes the command's one or two words out of a line; empty: it names none. */
    private static Optional<String> path(List<String> line) throws CtlFailure {
        var leading = new FlagSet(GLOBAL);
        int first = leading.firstWord(line);
        if (first < 0) {
            leading.parse(line);
            return Optional.empty();
        }
        String word = line.remove(first);
        if (!V2Command.isGroup(word)) {
            return Optional.of(word);
        }
        int second = leading.firstWord(line);
        return Optional.of(second < 0 ? "help" : word + " " + line.remove(second));
    }

    private static Given withEnvironment(Given given, Map<String, String> environment) {
        var values = new HashMap<>(given.values());
        var set = new HashSet<>(given.given());
        VARIABLES.forEach((variable, flag) -> {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty() && !given.has(flag)) {
                values.put(flag, ByteText.ofText(value));
                set.add(flag);
            }
        });
        if (!environment.getOrDefault("ETCDCTL_INSECURE_DISCOVERY", "").isEmpty()) {
            values.put("insecure-discovery", "true");
        }
        return new Given(values, set, given.words());
    }

    private static V2Store store(Given given, Passwords passwords, Consumer<String> debug)
            throws CtlFailure {
        String output = given.text("output");
        if (!List.of("simple", "extended", "json").contains(output)) {
            throw V2Failure.plain(
                    "--output must be simple, extended or json, not \"" + output + "\"");
        }
        Path authority = file(given, "ca-file");
        Path certificate = file(given, "cert-file");
        Path key = file(given, "key-file");
        if ((certificate == null) != (key == null)) {
            throw V2Failure.plain("--cert-file and --key-file must be given together");
        }
        boolean secure = authority != null || certificate != null;
        try {
            var own =
                    certificate == null || key == null
                            ? null
                            : new TlsFiles(certificate, key, authority, false);
            return new V2Store(
                    endpoints(given, secure),
                    TlsIdentity.clientContext(own, authority, true),
                    user(given, passwords),
                    new V2Store.Patience(
                            given.duration("timeout"), given.duration("total-timeout")),
                    debug);
        } catch (IOException | IllegalArgumentException e) {
            throw V2Failure.plain(String.valueOf(e.getMessage()));
        }
    }

    private static List<ListenUrl> endpoints(Given given, boolean secure) {
        String flag =
                Stream.of("endpoints", "endpoint", "peers")
                        .filter(given::has)
                        .findFirst()
                        .orElse("endpoints");
        return Arrays.stream(given.text(flag).split(",", -1))
                .map(String::strip)
                .map(endpoint ->
                        endpoint.contains("://")
                                ? endpoint
                                : (secure ? "https://" : "http://") + endpoint)
                .map(ListenUrl::parse)
                .toList();
    }

    private static Optional<String> user(Given given, Passwords passwords) throws CtlFailure {
        String user = ByteText.toText(given.text("username"));
        if (user.isEmpty() || user.contains(":")) {
            return user.isEmpty() ? Optional.empty() : Optional.of(user);
        }
        return Optional.of(user + ":" + ByteText.toText(passwords.ask("Password: ")));
    }

    private static @Nullable Path file(Given given, String flag) {
        String name = ByteText.toText(given.text(flag));
        return name.isEmpty() ? null : Path.of(name);
    }

    private static String help() {
        var text = new StringBuilder("Usage: ETCDCTL_API=2 etcdctl [FLAGS] COMMAND\n\nCommands\n");
        for (V2Command command : V2Command.values()) {
            text.append("  %s %s%n".formatted(command.path(), command.usage()));
        }
        flags(text, "Flags of every command", GLOBAL);
        return text.append("\nExample:\n  ETCDCTL_API=2 etcdctl ls -r -p /\n").toString();
    }

    private static String help(V2Command command) {
        var text =
                new StringBuilder(
                        "Usage: ETCDCTL_API=2 etcdctl %s [FLAGS] %s%n"
                                .formatted(command.path(), command.usage()));
        if (!command.flags().isEmpty()) {
            flags(text, "Flags", command.flags());
        }
        flags(text, "Flags of every command", GLOBAL);
        return text.toString();
    }

    private static void flags(StringBuilder text, String title, List<Flag> flags) {
        text.append('\n').append(title).append('\n');
        flags.forEach(flag -> text.append(flag.line()));
    }
}
