package io.skerry.node.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code FLANNELD_} and a flag's name in capitals, with {@code _} for {@code -}. */
final class FlanneldEnvironment implements IDefaultValueProvider {
    /** For picocli. */
    FlanneldEnvironment() {}

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String flag = option.longestName().replaceFirst("^-+", "");
        String value = System.getenv("FLANNELD_" + flag.toUpperCase(Locale.ROOT).replace('-', '_'));
        return value == null || value.isEmpty() ? null : value;
    }
}
