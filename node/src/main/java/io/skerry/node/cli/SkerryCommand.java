package io.skerry.node.cli;

import io.skerry.bench.BenchCommand;
import io.skerry.chaos.ChaosCommand;
import io.skerry.etcd.server.EtcdCommand;
import io.skerry.etcd.server.backup.EtcdutlCommand;
import io.skerry.fleet.ctl.FleetCommand;
import io.skerry.node.FleetProjection;
import io.skerry.node.containers.ContainersCommand;
import io.skerry.node.containers.ExecCommand;
import io.skerry.node.containers.ImagesCommand;
import io.skerry.node.containers.LogsCommand;
import io.skerry.node.containers.PsCommand;
import io.skerry.node.containers.RunCommand;
import io.skerry.node.containers.StopCommand;
import io.skerry.node.playground.DownCommand;
import io.skerry.node.playground.EnvCommand;
import io.skerry.node.playground.HostCommand;
import io.skerry.node.playground.NetCommand;
import io.skerry.node.playground.StatusCommand;
import io.skerry.node.playground.UpCommand;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Every command of the program. {@link #create} is what loads a command's classes. */
enum SkerryCommand {
    UP(Group.CLUSTER, "up", "start a cluster of virtual hosts, or this machine as one"),
    STATUS(Group.CLUSTER, "status", "show hosts, members of the store, and units"),
    DOWN(Group.CLUSTER, "down", "remove the cluster from this machine"),
    HOST_COMMAND(Group.CLUSTER, "host", "kill, freeze, cut off or enter virtual hosts"),
    NET(Group.CLUSTER, "net", "show the overlay network, its routes, and a packet's way"),
    LOGS(Group.CLUSTER, "logs", "show what a container writes, or the node program on the hosts"),
    ENV(Group.CLUSTER, "env", "print what etcdctl, fleetctl and curl need to reach the cluster"),
    FLEET(Group.USE, "fleet", "run units on the cluster; also called as fleetctl"),
    RUN(Group.USE, "run", "run a container as a unit of the cluster"),
    PS(Group.USE, "ps", "list containers"),
    EXEC(Group.USE, "exec", "run a command in a container"),
    STOP(Group.USE, "stop", "stop a container"),
    IMAGES(Group.USE, "images", "list, import and build the images of containers"),
    CONTAINERS(Group.USE, "containers", "list containers and their addresses"),
    ETCDCTL(Group.USE, "etcdctl", "use the store by hand; also called as etcdctl"),
    NODE(Group.HOST, "node", "run this host's part of the cluster"),
    ETCD(Group.HOST, "etcd", "run one member of a store, with etcd's own flags"),
    FLEETD(Group.HOST, "fleetd", "run fleet alone over any store, with fleet.conf; also called so"),
    FLANNELD(Group.HOST, "flanneld", "run the overlay network, with flanneld's own flags"),
    FLANNEL(Group.HOST, "flannel", "tell docker and CNI of the overlay network; carry its packets"),
    ETCDUTL(Group.HOST, "etcdutl", "save, inspect and restore snapshots of the store"),
    PKI(Group.HOST, "pki", "make the certificates of a cluster"),
    BENCH(Group.OTHER, "bench", "measure beside the originals"),
    CHAOS(Group.OTHER, "chaos", "break members on purpose and check every promise"),
    COMPLETION(Group.OTHER, "completion", "print a script that completes commands in a shell"),
    VERSION(Group.OTHER, "version", "print the version of the program and of its Java");

    /** Headings of the root's help, in their order. */
    enum Group {
        CLUSTER("A cluster here"),
        USE("Use a cluster"),
        HOST("On a host"),
        OTHER("Other");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String commandName;
    private final String summary;

    SkerryCommand(Group group, String commandName, String summary) {
        this.group = group;
        this.commandName = commandName;
        this.summary = summary;
    }

    static Optional<SkerryCommand> named(String name) {
        for (var command : values()) {
            if (command.commandName.equals(name)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(SkerryCommand::commandName).toList();
    }

    Group group() {
        return group;
    }

    String commandName() {
        return commandName;
    }

    String summary() {
        return summary;
    }

    /** A new object for picocli to fill and run. */
    Object create() {
        return switch (this) {
            case UP -> new UpCommand();
            case STATUS -> new StatusCommand();
            case DOWN -> new DownCommand();
            case HOST_COMMAND -> new HostCommand();
            case NET -> new NetCommand();
            case LOGS -> new LogsCommand();
            case ENV -> new EnvCommand();
            case FLEET ->
                    withoutOwnHelp(
                            FleetCommand.tree()); // for completion; Main runs fleet another way
            case RUN -> ofWordsOfItsOwn(new RunCommand());
            case PS -> new PsCommand();
            case EXEC -> ofWordsOfItsOwn(new ExecCommand());
            case STOP -> new StopCommand();
            case IMAGES -> new ImagesCommand();
            case CONTAINERS -> new ContainersCommand();
            case ETCDCTL -> EtcdctlWords.tree(); // for completion; Main runs it another way
            case NODE -> new NodeCommand();
            // Not the command alone: picocli would show its help without the sections.
            case ETCD -> new CommandLine(new EtcdCommand(List.of(new FleetProjection())));
            // As with etcd: the flags come from a table, which picocli reads only so.
            case FLEETD -> new CommandLine(new FleetdCommand());
            case FLANNELD -> new FlanneldCommand();
            case FLANNEL -> new FlannelCommand();
            case ETCDUTL -> new EtcdutlCommand();
            case PKI -> new PkiCommand();
            case BENCH -> new BenchCommand(launcher());
            case CHAOS -> new ChaosCommand(launcher());
            case COMPLETION -> new CompletionCommand();
            case VERSION -> new VersionCommand();
        };
    }

    /** A command whose flags end where another command's words begin. */
    private static CommandLine ofWordsOfItsOwn(Object command) {
        return new CommandLine(command).setStopAtPositional(true);
    }

    private static Path launcher() {
        return Path.of(System.getProperty("skerry.launcher", "skerry"));
    }

    /** The root's help is inherited by every command; picocli refuses two of a name. */
    private static CommandLine withoutOwnHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        if (spec.findOption("--help") != null) {
            spec.remove(spec.findOption("--help"));
        }
        command.getSubcommands().values().forEach(SkerryCommand::withoutOwnHelp);
        return command;
    }
}
