package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitStateEntity;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ssh",
        description = "Opens a shell on a machine, or runs a command there, by the system's ssh.",
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME} 1111 uptime",
            "  ${COMMAND-FULL-NAME} -A web.service",
            "  ${COMMAND-FULL-NAME} --unit web.service journalctl -u web -n 5"
        })
final class SshCommand extends CtlAction {
    @Option(
            names = {"-A", "--forward-agent"},
            description = "Let the machine use the keys that the ssh agent here holds.")
    private boolean forwardAgent;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "The machine, by its id, the beginning of it, or its address.")
    private @Nullable String machine;

    @Option(names = "--unit", paramLabel = "UNIT", description = "The machine that has the unit.")
    private @Nullable String unit;

    @Parameters(
            arity = "0..*",
            paramLabel = "[MACHINE|UNIT] COMMAND",
            hideParamSyntax = true,
            description = "Where, unless a flag says it, and what to run there.")
    private List<String> words = List.of();

    @Override
    int run(Session session) throws CtlException, IOException, InterruptedException {
        if (machine != null && unit != null) {
            throw CtlException.usage("ssh: --machine and --unit exclude each other");
        }
        boolean named = machine != null || unit != null;
        if (!named && words.isEmpty()) {
            throw CtlException.usage("ssh: say where, as a machine or a unit");
        }
        var api = session.api();
        List<Machine> machines = api.machines();
        Machine there =
                machine != null
                        ? MachinesAction.only(machines, machine)
                        : unit != null ? ofUnit(api, machines, unit) : either(api, machines);
        var place = new Ssh.Place(there.primaryIp(), null);
        var command = named ? words : words.subList(1, words.size());
        return new ProcessBuilder(session.ssh().shell(place, forwardAgent, command))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** A machine if the word can mean one, else a unit. */
    private Machine either(ApiClient api, List<Machine> machines)
            throws CtlException, IOException, InterruptedException {
        String word = words.getFirst();
        return MachinesAction.matching(machines, word).isEmpty()
                ? ofUnit(api, machines, word)
                : MachinesAction.only(machines, word);
    }

    /** A global unit may be on many machines; then any that has it will do. */
    private static Machine ofUnit(ApiClient api, List<Machine> machines, String word)
            throws CtlException, IOException, InterruptedException {
        String name = UnitArguments.name(word).value();
        var known = api.unit(name);
        if (known.isEmpty()) {
            throw CtlException.failed("There is neither a machine " + word + " nor a unit " + name);
        }
        String id = known.get().machineId();
        if (id.isEmpty()) {
            id =
                    api.states().stream()
                            .filter(state -> state.name().equals(name))
                            .map(UnitStateEntity::machineId)
                            .findFirst()
                            .orElse("");
        }
        if (id.isEmpty()) {
            throw CtlException.failed(
                    "Unit " + name + " is on no machine; explain " + name + " tells why");
        }
        return MachinesAction.only(machines, id);
    }
}
