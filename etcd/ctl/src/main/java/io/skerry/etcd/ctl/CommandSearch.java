package io.skerry.etcd.ctl;

import io.skerry.base.text.Nearest;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.FlagSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command that a line names. Its words may be shortened as long as they mean one command, and
 * global flags may stand before and between them.
 *
 * @param commands the one that is meant, all of a group, or all if none is named
 * @param group the first of two words, if only that was given
 * @param rest the line without the command's words
 */
record CommandSearch(List<CtlCommand> commands, Optional<String> group, List<String> rest) {
    private static final FlagSet LEADING = new FlagSet(HelpText.globalFlagsAndHelp());

    static CommandSearch of(List<String> line) throws CtlFailure {
        int first = firstWord(line);
        if (first < 0) {
            return new CommandSearch(List.of(CtlCommand.values()), Optional.empty(), line);
        }
        String word =
                meant(line.get(first), words(Arrays.stream(CtlCommand.values()), 0), "etcdctl");
        var rest = new ArrayList<>(line);
        rest.remove(first);
        List<CtlCommand> group = startingWith(word);
        if (group.size() == 1 && group.getFirst().word(1).isEmpty()) {
            return new CommandSearch(group, Optional.empty(), List.copyOf(rest));
        }
        int second = firstWord(rest);
        if (second < 0) {
            return new CommandSearch(group, Optional.of(word), List.copyOf(rest));
        }
        String sub = meant(rest.get(second), words(group.stream(), 1), "etcdctl " + word);
        rest.remove(second);
        return new CommandSearch(
                group.stream().filter(command -> command.word(1).equals(sub)).toList(),
                Optional.empty(),
                List.copyOf(rest));
    }

    /** The commands whose first word this is. */
    static List<CtlCommand> startingWith(String word) {
        return Arrays.stream(CtlCommand.values())
                .filter(command -> command.word(0).equals(word))
                .toList();
    }

    /** Flags of a group stand after its first word, also before the second: they are skipped. */
    private static int firstWord(List<String> line) throws CtlFailure {
        return LEADING.firstWord(line);
    }

    private static List<String> words(Stream<CtlCommand> commands, int place) {
        return commands.map(command -> command.word(place)).distinct().toList();
    }

    private static String meant(String word, List<String> known, String parent) throws CtlFailure {
        if (known.contains(word)) {
            return word;
        }
        List<String> longer = known.stream().filter(name -> name.startsWith(word)).toList();
        if (longer.size() == 1) {
            return longer.getFirst();
        }
        throw new CtlFailure(
                ExitStatus.USAGE,
                "unknown command \"%s\" for \"%s\"%s"
                        .formatted(
                                word,
                                parent,
                                Nearest.to(word, known)
                                        .map(nearest -> "; did you mean " + nearest + "?")
                                        .orElse("; see " + parent + " --help")));
    }
}
