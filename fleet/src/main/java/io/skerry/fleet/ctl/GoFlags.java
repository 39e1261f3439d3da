package io.skerry.fleet.ctl;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets flags be written as Go's flag package reads them: one hyphen or two are the same for short
 * and long names, and a switch may be given a value, {@code -full=false}.
 */
final class GoFlags {
    private GoFlags() {}

    /**
     * The arguments as picocli reads them; what comes after {@code --} is left as it is, and so is
     * the value of a flag.
     *
     * @param first what comes after the first word that is no flag is not the command's, and is
     *     left, too
     */
    static List<String> normalize(CommandSpec command, List<String> arguments, boolean first) {
        var result = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                result.addAll(arguments.subList(i, arguments.size()));
                break;
            }
            if (isFlag(argument)) {
                if (flag(command, argument, result) && i + 1 < arguments.size()) {
                    result.add(arguments.get(++i));
                }
            } else if (first) {
                result.addAll(arguments.subList(i, arguments.size()));
                break;
            } else {
                result.add(argument);
            }
        }
        return result;
    }

    private static boolean isFlag(String argument) {
        int start = argument.startsWith("--") ? 2 : 1;
        return argument.startsWith("-")
                && argument.length() > start
                && Character.isLetter(argument.charAt(start));
    }

    /** True: the next argument is its value. */
    private static boolean flag(CommandSpec command, String argument, List<String> result) {
        String text = argument.substring(argument.startsWith("--") ? 2 : 1);
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String option = (name.length() == 1 ? "-" : "--") + name;
        OptionSpec known = command.findOption(option);
        if (equals < 0) {
            result.add(option);
            return known != null && known.arity().min() > 0;
        } else if (known != null && known.arity().max() == 0) {
            switchValue(option, text.substring(equals + 1), result);
        } else {
            result.add(option + text.substring(equals));
        }
        return false;
    }

    private static void switchValue(String option, String value, List<String> result) {
        switch (value) {
            case "true", "1", "t", "T", "TRUE", "True" -> result.add(option);
            case "false", "0", "f", "F", "FALSE", "False" -> {
                // Off is what it is without being named.
            }
            default -> result.add(option + "=" + value); // picocli refuses it and says why
        }
    }
}
