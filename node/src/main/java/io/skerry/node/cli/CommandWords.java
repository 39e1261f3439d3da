package io.skerry.node.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command line in three parts. The global flag {@code --playground} may also stand after the
 * command, up to a {@code --}.
 *
 * @param before global flags
 * @param command the first word that is neither a flag nor a flag's value
 * @param after what belongs to the command
 */
record CommandWords(List<String> before, Optional<String> command, List<String> after) {
    private static final String PLAYGROUND = "--playground";

    static CommandWords of(String... args) {
        var words = List.of(args);
        for (var i = 0; i < words.size(); i++) {
            if (words.get(i).equals(PLAYGROUND)) {
                i++;
            } else if (!words.get(i).startsWith("-")) {
                return new CommandWords(
                        words.subList(0, i),
                        Optional.of(words.get(i)),
                        words.subList(i + 1, words.size()));
            }
        }
        return new CommandWords(words, Optional.empty(), List.of());
    }

    /** The playground that is named before the command, if only that is there, and plainly. */
    Optional<String> onlyPlayground() {
        return before.size() == 2
                        && before.getFirst().equals(PLAYGROUND)
                        && before.getLast().chars().allMatch(Character::isLetterOrDigit)
                        && !before.getLast().isEmpty()
                ? Optional.of(before.getLast())
                : Optional.empty();
    }

    /** The same with every {@code --playground} before the command. */
    CommandWords globalsFirst() {
        var globals = new ArrayList<>(before);
        var own = new ArrayList<String>();
        for (var i = 0; i < after.size(); i++) {
            var word = after.get(i);
            if (word.equals("--")) {
                own.addAll(after.subList(i, after.size()));
                break;
            }
            if (word.equals(PLAYGROUND) && i + 1 < after.size()) {
                globals.addAll(after.subList(i, i + 2));
                i++;
            } else if (word.startsWith(PLAYGROUND + "=")) {
                globals.add(word);
            } else {
                own.add(word);
            }
        }
        return new CommandWords(List.copyOf(globals), command, List.copyOf(own));
    }
}
