package io.skerry.node.cli;

import io.skerry.base.log.Log;
import io.skerry.base.log.LogSetup;
import io.skerry.base.net.PassedSocket;
import io.skerry.fleet.conf.ConfException;
import io.skerry.fleet.conf.FleetConf;
import io.skerry.fleet.conf.FleetOption;
import io.skerry.fleet.conf.OptionValues;
import io.skerry.fleet.conf.RefusedOption;
import io.skerry.node.FleetServer;
import io.skerry.node.ServerProcess;
import io.skerry.systemd.manager.DbusSystemdManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** fleet alone in this process, with the original's configuration. */
@Command(
        name = "fleetd",
        description = "Run fleet's engine, agent and API on this host, over any etcd v3 cluster.",
        sortOptions = false,
        customSynopsis = "skerry fleetd [--config FILE] [--OPTION=VALUE...]",
        modelTransformer = FleetdCommand.Flags.class,
        footer = {
            "",
            "Every option can stand in the file as option=value, in the environment as"
                    + " FLEET_OPTION, or be given as a flag; flags win, then the environment."
                    + " SIGHUP has all of it read again. docs/fleet.md tells more.",
            "",
            "Examples:",
            "  skerry fleetd",
            "  skerry fleetd --config /etc/fleet/fleet.conf",
            "  skerry fleetd --etcd_servers=http://10.0.0.1:2379 --public_ip=10.0.0.7"
                    + " --metadata=disk=ssd"
        })
final class FleetdCommand implements Callable<Integer> {
    private static final Log LOG = Log.of(FleetdCommand.class);

    @Option(
            names = {"--config", "-config"},
            paramLabel = "FILE",
            description = "Where the options are (default: /etc/fleet/fleet.conf, if there).")
    private @Nullable Path file;

    @Option(
            names = {"--version", "-version"},
            description = "Print the version.")
    private boolean version;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (version) {
            spec.commandLine().getOut().println("fleetd version " + VersionCommand.version());
            return 0;
        }
        Map<String, String> flags = flags();
        FleetConf conf = first(flags);
        LogSetup.install(conf.debug() ? "debug" : "info");
        for (String name : OptionValues.unknownVariables(System.getenv())) {
            LOG.warn("unrecognized environment variable", "variable", name);
        }
        return ServerProcess.run(
                "fleetd",
                fatal ->
                        FleetServer.start(
                                conf,
                                () -> read(flags),
                                VersionCommand.version(),
                                DbusSystemdManager.connect(DbusSystemdManager.SYSTEM_BUS),
                                PassedSocket.all(System.getenv())));
    }

    private FleetConf first(Map<String, String> flags) throws ConfException {
        try {
            return read(flags);
        } catch (ConfException e) {
            String message = String.valueOf(e.getMessage());
            if (message.startsWith("--")) { // the place of what is wrong is a flag
                throw new ParameterException(spec.commandLine(), message, e);
            }
            throw e;
        }
    }

    private FleetConf read(Map<String, String> flags) throws ConfException {
        return FleetConf.of(OptionValues.read(file, System.getenv(), flags));
    }

    private Map<String, String> flags() {
        var given = new HashMap<String, String>();
        for (var option : spec.commandLine().getParseResult().matchedOptions()) {
            if (option.userObject() instanceof String key) {
                given.put(key, String.valueOf(option.<Object>getValue()));
            }
        }
        return given;
    }

    /** Makes a flag of every option; their names are in one place only. */
    static final class Flags implements IModelTransformer {
        /** For picocli. */
        Flags() {}

        @Override
        public CommandSpec transform(CommandSpec command) {
            for (FleetOption option : FleetOption.values()) {
                String meaning = option.meaning().replaceFirst("^ours: ", "").replace("`", "");
                String otherwise = option.defaultValue();
                String text =
                        Character.toUpperCase(meaning.charAt(0))
                                + meaning.substring(1)
                                + (otherwise.isEmpty() ? "" : " (default: " + otherwise + ")")
                                + ".";
                command.addOption(flag(option.key(), option.isSwitch()).description(text).build());
            }
            for (RefusedOption option : RefusedOption.values()) {
                command.addOption(flag(option.key(), option.isSwitch()).hidden(true).build());
            }
            return command;
        }

        private static OptionSpec.Builder flag(String key, boolean isSwitch) {
            var names =
                    key.contains("_")
                            ? new String[] {"--" + key, "-" + key, "--" + key.replace('_', '-')}
                            : new String[] {"--" + key, "-" + key};
            return OptionSpec.builder(names)
                    .userObject(key)
                    .type(String.class)
                    .arity(isSwitch ? "0..1" : "1")
                    .fallbackValue("true")
                    .paramLabel("VALUE");
        }
    }
}
