package io.skerry.etcd.ctl;

import io.skerry.base.text.CompletionScript.Entry;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.GlobalFlags;
import java.util.Arrays;
import java.util.List;

/** The commands and their flags, for whoever completes command lines. */
public final class CommandTree {
    /**
     * A command.
     *
     * @param words one or two
     * @param flags their names without dashes, the global ones included
     */
    public record Node(List<String> words, List<String> flags) {
        public Node {
            words = List.copyOf(words);
            flags = List.copyOf(flags);
        }
    }

    private CommandTree() {}

    /** The same as the scripts for shells need it. */
    static List<Entry> entries() {
        return Arrays.stream(CtlCommand.values())
                .map(command ->
                        new Entry(
                                words(command),
                                command.summary(),
                                flags(command).stream().map("--"::concat).toList()))
                .toList();
    }

    private static List<String> words(CtlCommand command) {
        return List.of(command.path().split(" ", -1));
    }

    private static List<String> flags(CtlCommand command) {
        return GlobalFlags.with(command.create().flags()).stream().map(Flag::name).toList();
    }

    public static List<Node> commands() {
        return Arrays.stream(CtlCommand.values())
                .map(command -> new Node(words(command), flags(command)))
                .toList();
    }
}
