package io.skerry.testbed.hosts;

import java.util.regex.Pattern;

/**
 * Name of a playground. It becomes part of names of namespaces, control groups and folders, hence
 * its narrow alphabet: {@code a-z 0-9 -}, at most 32 characters, no dash at either end.
 */
public record PlaygroundName(String value) {
    /** The control group below which every playground has its own. */
    static final String ALL_CGROUPS = "skerry";

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public PlaygroundName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "playground name \""
                            + value
                            + "\" is not allowed: use 1 to 32 of a-z, 0-9 and -, with no dash at"
                            + " either end");
        }
    }

    /** The network namespace of a host. */
    String hostNamespace(Host host) {
        return "skerry-" + value + "-" + host.name();
    }

    /** The network namespace of the bridge that joins the hosts. */
    String switchNamespace() {
        return "skerry-" + value + "-sw";
    }

    /**
     * Whether a network namespace is one of this playground's, and not of one with a longer name.
     */
    boolean ownsNamespace(String namespace) {
        String prefix = "skerry-" + value + "-";
        return namespace.startsWith(prefix)
                && namespace.substring(prefix.length()).matches("sw|h\\d+");
    }

    /** The control group that holds those of all its hosts and helpers, in every hierarchy. */
    String cgroup() {
        return ALL_CGROUPS + "/" + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
