package io.skerry.node.cli;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code skerry flanneld} with flags as they usually are, read without picocli: to make a command
 * of annotations takes longer than a host needs to join the network. Whatever is asked for help, is
 * unusual or a mistake is left to picocli, which then reads all of it anew.
 */
final class FlanneldWords {
    private static final Set<String> SWITCHES =
            Set.of("etcd-v2", "ip-masq", "iptables-forward-rules");

    private static final Set<String> LISTS = Set.of("iface", "iface-regex");

    /** Not the original's, so that one dash does not do. */
    private static final Set<String> WITH_TWO_DASHES = Set.of("cni-conf", "subnet-lease-ttl");

    /** All that {@link FlanneldFlags#set} knows. */
    static final List<String> NAMES =
            List.of(
                    "etcd-endpoints",
                    "etcd-prefix",
                    "etcd-v2",
                    "etcd-keyfile",
                    "etcd-certfile",
                    "etcd-cafile",
                    "etcd-username",
                    "etcd-password",
                    "iface",
                    "iface-regex",
                    "iface-can-reach",
                    "public-ip",
                    "public-ipv6",
                    "subnet-file",
                    "cni-conf",
                    "subnet-lease-ttl",
                    "subnet-lease-renew-margin",
                    "ip-masq",
                    "iptables-forward-rules",
                    "iptables-resync",
                    "healthz-ip",
                    "healthz-port",
                    "v");

    /** Means nothing good, and is not among the names: picocli tells. */
    private static final String KUBERNETES = "FLANNELD_KUBE_SUBNET_MGR";

    private FlanneldWords() {}

    /**
     * Runs the daemon if the command line is one that is read here.
     *
     * @return exit status; empty if picocli shall read it
     */
    static Optional<Integer> run(CommandWords words, PrintWriter err) {
        var flags =
                words.before().isEmpty()
                        ? read(words.after(), System.getenv())
                        : Optional.<FlanneldFlags>empty();
        if (flags.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FlanneldServer.run(flags.get()));
        } catch (Exception e) {
            return Optional.of(Failures.tell(e, err));
        }
    }

    /** The flags; empty if picocli shall read them. */
    static Optional<FlanneldFlags> read(List<String> words, Map<String, String> environment) {
        var flags = new FlanneldFlags();
        try {
            var given = new HashSet<String>();
            return arguments(words, flags, given)
                            && variables(environment, flags, given)
                            && flags.fault().isEmpty()
                    ? Optional.of(flags)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no number, no file's name, neither true nor false
        }
    }

    private static boolean arguments(List<String> words, FlanneldFlags flags, Set<String> given) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String flag = equals < 0 ? word : word.substring(0, equals);
            String name = name(flag);
            @Nullable String value = equals < 0 ? null : word.substring(equals + 1);
            boolean last = i + 1 == words.size() || words.get(i + 1).startsWith("-");
            if (value == null && SWITCHES.contains(name)) {
                value = last ? "true" : null;
            } else if (value == null && !last) {
                i++;
                value = words.get(i);
            }
            boolean again = !given.add(name) && !LISTS.contains(name);
            if (value == null || again || !isPlain(value) || !flags.set(name, value)) {
                return false;
            }
        }
        return true;
    }

    /** Without its dashes; empty if it has other ones than it should. */
    private static String name(String flag) {
        if (flag.startsWith("--")) {
            return flag.substring(2);
        }
        String name = flag.startsWith("-") ? flag.substring(1) : "";
        return WITH_TWO_DASHES.contains(name) ? "" : name;
    }

    private static boolean variables(
            Map<String, String> environment, FlanneldFlags flags, Set<String> given) {
        for (String name : NAMES) {
            String variable = "FLANNELD_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()
                    && !given.contains(name)
                    && !(isPlain(value) && flags.set(name, value))) {
                return false;
            }
        }
        return environment.getOrDefault(KUBERNETES, "").isEmpty();
    }

    /** Has none of the characters that mean more to picocli than themselves. */
    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.chars().noneMatch(c -> c == '$' || c == '@' || c == '"' || c == '\'');
    }
}
