package io.skerry.node.playground;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option of commands that list things, and how they are printed by it. */
public final class Output {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, wide, json or yaml.",
            defaultValue = "table")
    private Format format = Format.table;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** Prints a list; the command's exit status. */
    public int show(Rows rows) {
        return print(format.render(rows));
    }

    /**
     * Prints a list for people, or for programs a document that holds more than the list.
     *
     * @param tree maps, lists, texts and numbers
     */
    int show(Rows rows, Map<String, Object> tree) {
        return print(format.isTree() ? format.render(tree) : format.render(rows));
    }

    private int print(String text) {
        command.commandLine().getOut().print(text);
        return 0;
    }
}
