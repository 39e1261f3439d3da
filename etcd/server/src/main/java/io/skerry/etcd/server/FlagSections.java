package io.skerry.etcd.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command's flags as etcd's help shows them, by sections, and those that are refused. */
final class FlagSections implements IModelTransformer {
    private static final Set<String> CLUSTERING =
            Set.of("advertise-client-urls", "strict-reconfig-check", "pre-vote");

    /** For picocli. */
    FlagSections() {}

    @Override
    public CommandSpec transform(CommandSpec spec) {
        RefusedFlags.addTo(spec);
        spec.usageMessage()
                .sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, FlagSections::render);
        return spec;
    }

    private static String render(Help help) {
        var sections = new LinkedHashMap<String, List<OptionSpec>>();
        for (String section :
                List.of("Member", "Clustering", "Security", "Auth", "Monitoring", "Experimental")) {
            sections.put(section, new ArrayList<>());
        }
        for (OptionSpec option : help.commandSpec().options()) {
            if (!option.hidden()) {
                String flag = option.names()[0].replaceFirst("^-+", "");
                sections.computeIfAbsent(section(flag), _ -> new ArrayList<>()).add(option);
            }
        }
        var text = new StringBuilder();
        sections.forEach((heading, options) -> {
            var layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
            layout.addAllOptions(options, help.parameterLabelRenderer());
            text.append("\n").append(heading).append(":\n").append(layout);
        });
        return text.toString();
    }

    private static String section(String flag) {
        if (flag.startsWith("experimental-")) {
            return "Experimental";
        }
        if (flag.equals("force-new-cluster")) {
            return "Unsafe";
        }
        if (flag.startsWith("initial-")
                || flag.startsWith("discovery")
                || flag.startsWith("auto-compaction")
                || CLUSTERING.contains(flag)) {
            return "Clustering";
        }
        if (flag.startsWith("auth-") || flag.startsWith("bcrypt")) {
            return "Auth";
        }
        if (flag.contains("metrics") || flag.startsWith("log-")) {
            return "Monitoring";
        }
        boolean security =
                flag.contains("cert")
                        || flag.contains("tls")
                        || (flag.endsWith("-file") && !flag.equals("config-file"))
                        || flag.startsWith("cipher");
        return security ? "Security" : "Member";
    }
}
