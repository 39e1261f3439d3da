package io.skerry.node.playground;

import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundException;
import io.skerry.testbed.hosts.PlaygroundName;
import io.skerry.testbed.hosts.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The playground a command is about, and how to call commands on it. */
final class Session {
    private final PlaygroundName name;
    private final StateDirectory state = StateDirectory.of(System.getenv());

    Session(PlaygroundName name) {
        this.name = name;
    }

    /** What the global flag {@code --playground} of the command line names. */
    static Session of(CommandSpec spec) {
        String named = spec.root().findOption("--playground").getValue();
        try {
            return new Session(new PlaygroundName(named));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The playground of that name. */
    static Session of(PlaygroundName name) {
        return new Session(name);
    }

    PlaygroundName name() {
        return name;
    }

    /** The playground, which need not exist. */
    Playground open() throws IOException {
        return Playground.open(name, state, Program.image(state.of(name)));
    }

    /** The playground; it has hosts, be they down. */
    Playground existing() throws IOException {
        requireRoot("Playgrounds belong to root");
        Playground playground = open();
        if (playground.hosts().isEmpty()) {
            var others = new ArrayList<>(Playground.list(state));
            others.remove(name.value());
            throw new PlaygroundException(
                    "there is no playground \""
                            + name
                            + "\": make it with \""
                            + command("up")
                            + "\""
                            + (others.isEmpty() ? "" : "; there is " + String.join(", ", others)));
        }
        return playground;
    }

    /** The playground as far as its removal needs it. */
    Playground openForRemoval() throws IOException {
        return Playground.openForRemoval(name, state);
    }

    /** Whether this machine itself is meant: it is a member and no playground was named. */
    boolean isThisMachine() throws IOException {
        return meansThisMachine() && !hasFiles() && ThisMachine.isInstalled();
    }

    boolean hasFiles() {
        return Files.exists(state.of(name));
    }

    boolean meansThisMachine() {
        return name.value().equals("default");
    }

    /** How to reach the cluster that the command is about. */
    ClusterAccess access() throws IOException {
        return isThisMachine() ? ThisMachine.access() : ClusterAccess.of(existing());
    }

    /** How to call a command on this playground. */
    String command(String words) {
        return command(name, words);
    }

    static String command(PlaygroundName name, String words) {
        return name.value().equals("default")
                ? "./skerry " + words
                : "./skerry --playground " + name + " " + words;
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    void requireRoot(String why) throws IOException {
        if (!isRoot()) {
            throw new PlaygroundException(
                    why
                            + " and you are not: call it as \"sudo "
                            + command("…")
                            + "\", or run the store alone without root: \"./skerry etcd"
                            + " --data-dir DIR\"");
        }
    }
}
