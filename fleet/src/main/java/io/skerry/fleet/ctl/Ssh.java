package io.skerry.fleet.ctl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Command lines of the system's OpenSSH, which brings its own configuration, agent and keys.
 *
 * @param username who logs in
 * @param strict ask before an unknown host is trusted; else it is trusted, and its key kept. A host
 *     whose key has changed is refused either way
 * @param knownHosts where keys of hosts are kept; null: as ssh has it
 * @param tunnel the host through which others are reached; null: none
 */
record Ssh(
        String username,
        int timeoutSeconds,
        boolean strict,
        @Nullable Path knownHosts,
        Ssh.@Nullable Place tunnel) {

    /**
     * A host that ssh connects to.
     *
     * @param port null: as ssh has it
     */
    record Place(String host, @Nullable Integer port) {
        private static final Pattern TEXT =
                Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

        /** Reads {@code host}, {@code host:port} or {@code [address]:port}. */
        static Place parse(String flag, String text) throws CtlException {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches() || text.startsWith("-")) {
                throw CtlException.usage(
                        flag + " must be HOST, HOST:PORT or [ADDRESS]:PORT, not '" + text + "'");
            }
            String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
            String port = parts.group(3);
            return new Place(host, port == null ? null : Integer.valueOf(port));
        }
    }

    /**
     * A shell on a host, or a command there.
     *
     * @param agent forward the keys that the user's agent holds
     * @param command words that the host's shell reads; none: a shell of its own
     */
    List<String> shell(Place host, boolean agent, List<String> command) {
        var words = words(host);
        if (agent) {
            words.add("-A");
        }
        if (tunnel != null) {
            // Not -J: what is said here of users and hosts' keys must hold for the way, too.
            var way = words(tunnel);
            way.addAll(List.of("-W", "[%h]:%p", "--", tunnel.host()));
            words.addAll(List.of("-o", "ProxyCommand=" + quoted(way)));
        }
        words.addAll(List.of("--", host.host()));
        words.addAll(command);
        return List.copyOf(words);
    }

    /**
     * Sockets here that lead to addresses as the tunnel's host sees them.
     *
     * @param forwards each as {@code SOCKET:TARGET}
     */
    List<String> forward(Place through, List<String> forwards) {
        var words = words(through);
        words.addAll(
                List.of("-N", "-T", "-o", "ExitOnForwardFailure=yes", "-o", "ControlPath=none"));
        words.addAll(List.of("-o", "StreamLocalBindMask=0177"));
        forwards.forEach(forward -> words.addAll(List.of("-L", forward)));
        words.addAll(List.of("--", through.host()));
        return List.copyOf(words);
    }

    private List<String> words(Place host) {
        var words = new ArrayList<>(List.of("ssh", "-l", username));
        if (host.port() != null) {
            words.addAll(List.of("-p", host.port().toString()));
        }
        words.addAll(List.of("-o", "ConnectTimeout=" + timeoutSeconds));
        words.addAll(List.of("-o", "StrictHostKeyChecking=" + (strict ? "ask" : "accept-new")));
        if (knownHosts != null) {
            words.addAll(List.of("-o", "UserKnownHostsFile=" + knownHosts.toAbsolutePath()));
        }
        return words;
    }

    /** As the shell takes them that ssh starts for it. */
    private static String quoted(List<String> words) {
        return words.stream()
                .map(word ->
                        word.matches("[A-Za-z0-9_=./@-]+")
                                ? word
                                : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
