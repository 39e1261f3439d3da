package io.skerry.fleet.ctl;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * fleet's global flags. The command itself and its flags are read by another {@link CommandLine},
 * made only for the command in use: creating all of them would cost more time than most of them
 * take.
 */
@Command(name = "fleet", description = "Runs systemd units on a cluster of hosts.")
public final class FleetCommand {
    private static final String ENVIRONMENT_PREFIX = "FLEETCTL_";

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description =
                    "Where the fleet API is: unix:///path, http://host:port or https://host:port;"
                            + " several with commas between them.")
    private @Nullable String endpoint;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Authority that vouches for the API's certificate (PEM).")
    private @Nullable Path caFile;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            description = "Own client certificate (PEM).")
    private @Nullable Path certFile;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Key of the client certificate (PEM).")
    private @Nullable Path keyFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with a token of the API, instead of a client certificate.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            description =
                    "How long one request may take (default: 3 to reach a host, then 20 for its"
                            + " answer).")
    private @Nullable Double requestTimeout;

    @Option(names = "--debug", description = "Tell of each request on standard error.")
    private boolean debug;

    @Option(names = "--version", description = "Print the version.")
    private boolean version;

    @Option(
            names = {"-h", "--help"},
            description = "Print this help.")
    private boolean help;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", hidden = true)
    private List<String> words = new ArrayList<>();

    @Mixin private SshFlags ssh = new SshFlags();

    // A flag of the original that is read in order to be refused with the reason.
    @Option(names = "--etcd-key-prefix", hidden = true)
    private @Nullable String etcdKeyPrefix;

    FleetCommand() {}

    /**
     * Every command with its flags, as completion scripts need them. Slow; not for running a
     * command.
     */
    public static CommandLine tree() {
        var root = new CommandLine(new FleetCommand());
        for (CtlCommand command : CtlCommand.values()) {
            root.addSubcommand(command.commandName(), command.create());
        }
        return root;
    }

    /** Reads global flags, also from the environment, and stops at the first word that is none. */
    static CommandLine parser(FleetCommand command, Map<String, String> environment) {
        return new CommandLine(command)
                .setStopAtPositional(true)
                .setDefaultValueProvider(argument ->
                        argument instanceof OptionSpec option
                                ? environment.get(variable(option))
                                : null);
    }

    /**
     * Takes a command line without global flags, those of the environment included, as the parser
     * would read it.
     *
     * @return false: nothing was taken, the parser shall read it
     */
    boolean take(List<String> arguments, Map<String, String> environment) {
        boolean plain =
                !arguments.isEmpty()
                        && !arguments.getFirst().startsWith("-")
                        // The name of a file that picocli would read arguments from.
                        && arguments.stream().noneMatch(argument -> argument.startsWith("@"))
                        && environment.keySet().stream()
                                .noneMatch(name -> name.startsWith(ENVIRONMENT_PREFIX));
        if (plain) {
            words = List.copyOf(arguments);
        }
        return plain;
    }

    private static String variable(OptionSpec option) {
        String name = option.longestName().replaceFirst("^-+", "");
        return ENVIRONMENT_PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The command and what follows it. */
    List<String> words() {
        return words;
    }

    boolean debug() {
        return debug;
    }

    boolean version() {
        return version;
    }

    boolean help() {
        return help;
    }

    /** How long a host may take to accept a connection. */
    Duration connectTimeout() {
        return requestTimeout(3);
    }

    /** How long a host may take to answer. One that is there but busy is worth waiting for. */
    Duration answerTimeout() {
        return requestTimeout(20);
    }

    private Duration requestTimeout(double otherwise) {
        double seconds = requestTimeout == null ? otherwise : requestTimeout;
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Refuses what cannot be done as asked. */
    void check() throws CtlException {
        var _ = ssh.ssh();
        if (etcdKeyPrefix != null) {
            throw CtlException.usage(
                    "--etcd-key-prefix is not supported: commands go through the API, never to"
                            + " etcd");
        }
        if (requestTimeout != null && !(requestTimeout > 0 && requestTimeout <= 3600)) {
            throw CtlException.usage(
                    "--request-timeout must be more than 0 and at most 3600 seconds, not "
                            + requestTimeout);
        }
        if ((certFile == null) != (keyFile == null)) {
            throw CtlException.usage("--cert-file and --key-file are only of use together");
        }
    }

    /** How hosts are reached by ssh. */
    Ssh ssh() throws CtlException {
        return ssh.ssh();
    }

    /** Where the API is: as the flags say, else as the surroundings know. */
    Endpoints endpoints(EndpointSource otherwise) throws CtlException, IOException {
        if (endpoint == null || endpoint.isBlank()) {
            var found = otherwise.find();
            return certFile == null && tokenFile == null
                    ? found
                    : new Endpoints(found.urls(), certFile == null ? found.tls() : tls(), access());
        }
        var urls = new ArrayList<ListenUrl>();
        for (String url : List.of(endpoint.split(","))) {
            try {
                urls.add(ListenUrl.parse(url.strip()));
            } catch (IllegalArgumentException e) {
                throw CtlException.usage("--endpoint: " + e.getMessage());
            }
        }
        return new Endpoints(urls, tls(), access());
    }

    private Endpoints.Access access() throws CtlException {
        if (tokenFile == null) {
            return Endpoints.Access.NONE;
        }
        try {
            String token = Files.readString(tokenFile).strip();
            if (!token.matches("[!-~]+")) {
                throw CtlException.usage("--token-file: " + tokenFile + " must hold one word");
            }
            return new Endpoints.Access(token, caFile);
        } catch (IOException e) {
            throw CtlException.usage("--token-file: cannot read " + tokenFile);
        }
    }

    private @Nullable TlsFiles tls() throws CtlException {
        if (certFile != null && keyFile != null) {
            return new TlsFiles(certFile, keyFile, caFile, false);
        }
        if (caFile != null && tokenFile == null) {
            throw CtlException.usage(
                    "--ca-file needs --cert-file and --key-file, or --token-file: the API asks"
                            + " clients for a certificate or a token");
        }
        return null;
    }
}
