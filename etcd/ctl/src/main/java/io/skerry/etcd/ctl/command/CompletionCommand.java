package io.skerry.etcd.ctl.command;

import io.skerry.etcd.ctl.failure.CtlFailure;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Prints the script by which a shell completes etcdctl's command lines. */
public final class CompletionCommand implements Command {
    /** Which shell. */
    public enum Shell {
        BASH,
        ZSH,
        FISH
    }

    /**
     * A command that can be completed.
     *
     * @param path one word or two
     * @param flags their names without dashes
     */
    public record Entry(String path, String summary, List<String> flags) {
        public Entry {
            flags = List.copyOf(flags);
        }

        private String group() {
            int blank = path.indexOf(' ');
            return blank < 0 ? path : path.substring(0, blank);
        }

        private boolean grouped() {
            return path.indexOf(' ') >= 0;
        }

        private String last() {
            return path.substring(path.indexOf(' ') + 1);
        }
    }

    private static final String BASH =
            """
            _etcdctl() {
                local current="${COMP_WORDS[COMP_CWORD]}" path="" word words
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    case "$word" in
                        -*) ;;
                        *) path="${path:+$path }$word" ;;
                    esac
                done
                case "$path" in
            %s        *) words="" ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o default -F _etcdctl etcdctl
            """;

    private static final String ZSH =
            "#compdef etcdctl\nautoload -U +X bashcompinit && bashcompinit\n";

    private final Shell shell;
    private final Supplier<List<Entry>> entries;

    /**
     * For a shell.
     *
     * @param entries asked for when the script is printed
     */
    public CompletionCommand(Shell shell, Supplier<List<Entry>> entries) {
        this.shell = shell;
        this.entries = entries;
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure {
        invocation.noWords("completion takes no arguments after the shell");
        var known = entries.get();
        invocation
                .console()
                .out()
                .raw(
                        switch (shell) {
                            case BASH -> BASH.formatted(cases(known));
                            case ZSH -> ZSH + BASH.formatted(cases(known));
                            case FISH -> fish(known);
                        });
    }

    private static String cases(List<Entry> known) {
        var text = new StringBuilder();
        line(text, "\"\"", known.stream().map(Entry::group).distinct().toList());
        for (Entry entry : known) {
            String pattern = "\"%1$s\"|\"%1$s \"*".formatted(entry.path());
            line(text, pattern, entry.flags().stream().map(flag -> "--" + flag).toList());
        }
        for (String group : groups(known)) {
            line(text, "\"" + group + "\"", members(known, group));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String pattern, List<String> words) {
        text.append("        %s) words=\"%s\" ;;%n".formatted(pattern, String.join(" ", words)));
    }

    private static List<String> groups(List<Entry> known) {
        return known.stream().filter(Entry::grouped).map(Entry::group).distinct().toList();
    }

    private static List<String> members(List<Entry> known, String group) {
        return known.stream()
                .filter(entry -> entry.grouped() && entry.group().equals(group))
                .map(Entry::last)
                .toList();
    }

    private static String fish(List<Entry> known) {
        var groups = groups(known);
        var text = new StringBuilder("complete -c etcdctl -f\n");
        groups.forEach(group -> fishWord(text, "__fish_use_subcommand", group, ""));
        for (Entry entry : known) {
            String here = "__fish_seen_subcommand_from " + entry.group();
            String chosen = here;
            if (entry.grouped()) {
                String others = String.join(" ", members(known, entry.group()));
                fishWord(
                        text,
                        here + "; and not __fish_seen_subcommand_from " + others,
                        entry.last(),
                        entry.summary());
                chosen = here + "; and __fish_seen_subcommand_from " + entry.last();
            } else {
                fishWord(text, "__fish_use_subcommand", entry.path(), entry.summary());
            }
            String condition = chosen;
            text.append(
                    entry.flags().stream()
                            .map(flag ->
                                    "complete -c etcdctl -n '%s' -l %s%n"
                                            .formatted(condition, flag))
                            .collect(Collectors.joining()));
        }
        return text.toString();
    }

    private static void fishWord(
            StringBuilder text, String condition, String word, String summary) {
        text.append("complete -c etcdctl -n '%s' -a %s".formatted(condition, word));
        if (!summary.isEmpty()) {
            text.append(" -d '").append(summary.replace("'", "\\\\'")).append('\'');
        }
        text.append('\n');
    }
}
