package io.skerry.fleet.ctl;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Global flags about reaching hosts by the system's OpenSSH. */
final class SshFlags {
    @Option(
            names = "--tunnel",
            paramLabel = "HOST[:PORT]",
            description = "Reach the API, and hosts by ssh, through this host.")
    private @Nullable String tunnel;

    @Option(
            names = "--ssh-username",
            paramLabel = "USER",
            description = "Who logs in at hosts (default: core).")
    private String username = "core";

    @Option(
            names = "--ssh-timeout",
            paramLabel = "SECONDS",
            description = "How long a connection to a host may take to come (default: 10).")
    private double timeout = 10;

    @Option(
            names = "--strict-host-key-checking",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Ask before an unknown host is trusted (default: true).")
    private boolean strict = true;

    @Option(
            names = "--known-hosts-file",
            paramLabel = "FILE",
            description = "Where keys of hosts are kept (default: as ssh has it).")
    private @Nullable Path knownHosts;

    /** What they say, checked. */
    Ssh ssh() throws CtlException {
        if (!(timeout >= 1 && timeout <= 3600)) {
            throw CtlException.usage(
                    "--ssh-timeout must be at least 1 and at most 3600 seconds, not " + timeout);
        }
        if (!username.matches("[A-Za-z0-9_][A-Za-z0-9_.@-]*")) {
            throw CtlException.usage("--ssh-username must be the name of a user");
        }
        return new Ssh(
                username,
                (int) Math.ceil(timeout),
                strict,
                knownHosts,
                tunnel == null || tunnel.isEmpty() ? null : Ssh.Place.parse("--tunnel", tunnel));
    }
}
