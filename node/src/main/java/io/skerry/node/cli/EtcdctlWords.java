package io.skerry.node.cli;

import io.skerry.base.tls.FirstHandshake;
import io.skerry.etcd.ctl.CommandTree;
import io.skerry.etcd.ctl.EtcdCtl;
import io.skerry.etcd.ctl.format.Lines;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.node.playground.PlaygroundStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code skerry etcdctl …}, also called as {@code etcdctl …}: reads its command line itself,
 * because its original's flags are not ours.
 */
final class EtcdctlWords {
    /** How standard streams are meant: bytes in, bytes out. */
    record Streams(InputStream in, OutputStream out, OutputStream err) {}

    private EtcdctlWords() {}

    /**
     * Runs a command line.
     *
     * @param raw all words as byte strings; the last of them are those after the command
     */
    static int run(CommandWords words, List<String> raw, Streams streams) {
        var out = new Lines(streams.out());
        var err = new Lines(streams.err());
        Map<String, String> environment;
        try {
            environment = environment(words.before());
        } catch (IOException | ParameterException e) {
            err.line("Error: " + ByteText.ofText(String.valueOf(e.getMessage())));
            return CommandLine.ExitCode.SOFTWARE;
        }
        List<String> line = raw.subList(raw.size() - words.after().size(), raw.size());
        // As far as it is seen at a glance: an error costs time and no more.
        if (environment.getOrDefault("ETCDCTL_ENDPOINTS", "").contains("https://")
                || line.stream().anyMatch(word -> word.contains("https://"))) {
            FirstHandshake.prepare();
        }
        return EtcdCtl.run(
                line,
                new Console(streams.in(), out, err, environment, EtcdctlWords::whenTheProcessEnds));
    }

    /** A playground that is named is meant, whatever cluster the shell was set up for before. */
    private static Map<String, String> environment(List<String> globals) throws IOException {
        if (globals.isEmpty()) {
            return System.getenv();
        }
        var root = new Skerry();
        new CommandLine(root).parseArgs(globals.toArray(String[]::new));
        var environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("ETCDCTL_"));
        environment.putAll(PlaygroundStore.environment(root.playground()));
        return environment;
    }

    private static void whenTheProcessEnds(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "etcdctl-interrupted"));
    }

    /** The commands and their flags, for completion. */
    static CommandLine tree() {
        var root = new CommandLine(CommandSpec.create().name("etcdctl"));
        for (var node : CommandTree.commands()) {
            var parent = root;
            for (String word : node.words()) {
                if (!parent.getSubcommands().containsKey(word)) {
                    parent.addSubcommand(word, CommandSpec.create().name(word));
                }
                parent = Objects.requireNonNull(parent.getSubcommands().get(word));
            }
            for (String flag : node.flags()) {
                parent.getCommandSpec()
                        .addOption(OptionSpec.builder("--" + flag).type(String.class).build());
            }
        }
        return root;
    }
}
