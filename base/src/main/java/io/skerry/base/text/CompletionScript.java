package io.skerry.base.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The script by which a shell completes the command lines of a program with commands in commands.
 * Whatever stands between their names (flags, values, words) does not matter to it.
 */
public final class CompletionScript {
    /** For which shell; the name is the constant's in small letters. */
    public enum Shell {
        BASH,
        ZSH,
        FISH,
        POWERSHELL;

        public String shellName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A command.
     *
     * @param path its name, and before it those of the commands that it is in; none for the program
     * @param summary one line, or nothing
     * @param flags with their dashes
     */
    public record Entry(List<String> path, String summary, List<String> flags) {
        public Entry {
            path = List.copyOf(path);
            flags = List.copyOf(flags);
        }
    }

    private final String program;

    /** What may follow each command, by its path. */
    private final Map<String, List<Word>> words = new LinkedHashMap<>();

    private record Word(String text, String summary) {
        boolean flag() {
            return text.startsWith("-");
        }
    }

    private CompletionScript(String program, List<Entry> entries) {
        this.program = program;
        words.put("", new ArrayList<>());
        entries.forEach(this::add);
    }

    /** The script for a program. */
    public static String of(Shell shell, String program, List<Entry> entries) {
        var script = new CompletionScript(program, entries);
        return switch (shell) {
            case BASH -> script.bash();
            case ZSH -> script.zsh();
            case FISH -> script.fish();
            case POWERSHELL -> script.powershell();
        };
    }

    private void add(Entry entry) {
        String path = "";
        int left = entry.path().size();
        for (String name : entry.path()) {
            left--;
            announce(path, name, left == 0 ? entry.summary() : "");
            path = path + "/" + name;
        }
        for (String flag : entry.flags()) {
            at(path).add(new Word(flag, ""));
        }
    }

    private void announce(String path, String name, String summary) {
        List<Word> there = at(path);
        Optional<Word> known = there.stream().filter(word -> word.text().equals(name)).findFirst();
        if (known.isEmpty()) {
            there.add(new Word(name, summary));
            at(path + "/" + name);
        } else if (known.get().summary().isEmpty()) {
            there.set(there.indexOf(known.get()), new Word(name, summary));
        }
    }

    private List<Word> at(String path) {
        return words.computeIfAbsent(path, _ -> new ArrayList<>());
    }

    private List<String> paths() {
        return words.keySet().stream().filter(path -> !path.isEmpty()).toList();
    }

    private String bash() {
        var cases = new StringBuilder();
        words.forEach((path, following) ->
                cases.append(
                        "        \"%s\") next=\"%s\" ;;\n"
                                .formatted(
                                        path,
                                        String.join(
                                                " ",
                                                following.stream().map(Word::text).toList()))));
        return """
        _%1$s() {
            local current="${COMP_WORDS[COMP_CWORD]}" at="" word next=""
            for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
                case "$at/$word" in
                    %2$s) at="$at/$word" ;;
                esac
            done
            case "$at" in
        %3$s    esac
            COMPREPLY=($(compgen -W "$next" -- "$current"))
        }
        complete -o default -F _%1$s %1$s
        """
                .formatted(program, "\"" + String.join("\"|\"", paths()) + "\"", cases);
    }

    private String zsh() {
        return """
        #compdef %1$s
        autoload -U +X compinit && compinit
        autoload -U +X bashcompinit && bashcompinit
        """
                        .formatted(program)
                + bash();
    }

    private String fish() {
        var text =
                new StringBuilder(
                        """
                        function __%1$s_at
                            set -l path ""
                            for word in (commandline -opc)[2..-1]
                                switch "$path/$word"
                                    case %2$s
                                        set path "$path/$word"
                                end
                            end
                            test "$path" = "$argv[1]"
                        end
                        complete -c %1$s -f
                        """
                                .formatted(program, "\"" + String.join("\" \"", paths()) + "\""));
        words.forEach((path, following) -> following.forEach(word -> fish(text, path, word)));
        return text.toString();
    }

    private void fish(StringBuilder text, String path, Word word) {
        text.append("complete -c %s -n '__%s_at \"%s\"'".formatted(program, program, path));
        if (!word.flag()) {
            text.append(" -a ").append(word.text());
        } else if (word.text().startsWith("--")) {
            text.append(" -l ").append(word.text().substring(2));
        } else {
            text.append(word.text().length() == 2 ? " -s " : " -o ")
                    .append(word.text().substring(1));
        }
        if (!word.summary().isEmpty()) {
            text.append(" -d '").append(word.summary().replace("'", "\\'")).append('\'');
        }
        text.append('\n');
    }

    private String powershell() {
        var table = new StringBuilder();
        words.forEach((path, following) ->
                table.append(
                        "        '%s' = @(%s)\n"
                                .formatted(
                                        path,
                                        String.join(
                                                ", ",
                                                following.stream()
                                                        .map(word -> "'" + word.text() + "'")
                                                        .toList()))));
        return """
        Register-ArgumentCompleter -Native -CommandName '%1$s' -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @{
        %2$s    }
            $path = ''
            foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
                if ($element.Extent.EndOffset -ge $cursorPosition) { break }
                $next = "$path/$element"
                if ($words.ContainsKey($next)) { $path = $next }
            }
            $words[$path] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """
                .formatted(program, table);
    }
}
