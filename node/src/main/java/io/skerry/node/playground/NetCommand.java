package io.skerry.node.playground;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.daemon.PathStatus;
import io.skerry.flannel.daemon.PolicyStatus;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.subnet.Lease;
import io.skerry.node.playground.OverlayView.HostView;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the overlay network: what the store says, and what the hosts' kernels do. */
@Command(
        name = "net",
        subcommands = NetPolicyCommand.class,
        description = "Show the overlay network: subnets, routes, and the way of a packet.",
        footer = {
            "",
            "A network is made with \"skerry up --network JSON\".",
            "",
            "Examples:",
            "  skerry net status",
            "  skerry net routes -o json",
            "  skerry net trace h1 10.77.3.2",
            "  skerry net map"
        })
public final class NetCommand extends CommandGroup {
    private OverlayView view(NetworkKeys keys) throws IOException, InterruptedException {
        Session session = Session.of(spec());
        var read = OverlayQuery.read(session, keys);
        if (read.isEmpty()) {
            throw keys.noNetwork(session);
        }
        return read.get();
    }

    @Command(
            name = "status",
            description =
                    "Show the hosts' subnets, whether their paths to each other carry whole"
                            + " packets, and how their network policies fare.",
            footer = {"", "Examples:", "  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} -o json"})
    int status(@Mixin NetworkKeys keys, @Mixin Output output)
            throws IOException, InterruptedException {
        OverlayView view = view(keys);
        var objects = new ArrayList<Map<String, Object>>();
        for (Lease lease : view.leases()) {
            Ip address = lease.value().publicIp();
            var object = new LinkedHashMap<String, Object>();
            object.put("host", view.nameOf(address));
            object.put("subnet", lease.subnets().toString());
            object.put("publicIp", address.toString());
            object.put("backend", lease.value().backendType());
            object.put("reserved", lease.reservation());
            object.put("vtepMac", vtepMacs(lease));
            var tables = view.host(address).map(HostView::tables).orElse(HostTables.EMPTY);
            var devices = devices(view, lease, tables);
            object.put("device", joined(devices, HostTables.Device::name));
            object.put("mtu", devices.stream().mapToInt(HostTables.Device::mtu).min().orElse(0));
            object.put("paths", tables.paths().map(of -> paths(view, of)).orElse(""));
            var policies = tables.policies();
            object.put("policies", policies.map(PolicyStatus::policies).orElse(0));
            object.put("policyDrops", policies.map(of -> of.counts().denied()).orElse(0L));
            object.put("policyStops", policies.map(of -> of.counts().stopped()).orElse(0L));
            object.put("policyProblem", policies.map(PolicyStatus::problem).orElse(""));
            object.put("policyLastError", policies.map(PolicyStatus::lastError).orElse(""));
            objects.add(object);
        }
        var rows =
                new Rows(
                        Rows.columnsOf(
                                "HOST",
                                "host",
                                "SUBNET",
                                "subnet",
                                "PUBLIC IP",
                                "publicIp",
                                "BACKEND",
                                "backend",
                                "DEVICE",
                                "device",
                                "PATHS",
                                "paths",
                                "POLICIES",
                                "policies",
                                "DENIED",
                                "policyDrops"),
                        Rows.columnsOf(
                                "MTU",
                                "mtu",
                                "VTEP MAC",
                                "vtepMac",
                                "RESERVED",
                                "reserved",
                                "STOPPED",
                                "policyStops",
                                "POLICY ERROR",
                                "policyLastError"),
                        objects);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("network", view.config().network().toString());
        tree.put("backend", view.config().backend().type());
        tree.put("config", view.configText());
        tree.put("subnets", rows.objects());
        return output.show(rows, tree);
    }

    /** Which of a host's paths carry less than it sends, and how much. */
    private static String paths(OverlayView view, PathStatus of) {
        if (of.narrow().isEmpty()) {
            return of.checked() == 0 ? "" : "ok";
        }
        return joined(
                of.narrow(),
                path ->
                        view.nameOf(path.host())
                                + " carries "
                                + path.carried()
                                + " of "
                                + path.wanted());
    }

    /** The host's devices of the overlay that are there. */
    private static List<HostTables.Device> devices(
            OverlayView view, Lease lease, HostTables tables) {
        return lease.subnets().families().stream()
                .flatMap(family -> Plan.deviceName(view.config().backend(), family).stream())
                .flatMap(name -> tables.device(name).stream())
                .toList();
    }

    private static String vtepMacs(Lease lease) {
        return joined(
                lease.value().endpoints().all(),
                endpoint -> endpoint.vtepMac().map(Mac::toString).orElse(""));
    }

    private static <T> String joined(List<T> items, Function<T, String> text) {
        return items.stream()
                .map(text)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(","));
    }

    @Command(
            name = "routes",
            description = "Show each host's routes into the network, and which are missing.",
            footer = {"", "Examples:", "  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} -o yaml"})
    int routes(@Mixin NetworkKeys keys, @Mixin Output output)
            throws IOException, InterruptedException {
        OverlayView view = view(keys);
        var objects = new ArrayList<Map<String, Object>>();
        for (HostView host : view.hosts()) {
            for (HostTables.Route route : host.tables().routes()) {
                if (view.config().contains(route.destination())) {
                    objects.add(route(view, host, route));
                }
            }
        }
        return output.show(
                new Rows(
                        Rows.columnsOf(
                                "HOST",
                                "host",
                                "DESTINATION",
                                "destination",
                                "VIA",
                                "via",
                                "DEVICE",
                                "device",
                                "OF",
                                "of"),
                        Map.of(),
                        objects));
    }

    private static Map<String, Object> route(
            OverlayView view, HostView host, HostTables.Route route) {
        var object = new LinkedHashMap<String, Object>();
        object.put("host", host.name());
        object.put("destination", route.destination().toString());
        object.put("via", route.gateway().map(Ip::toString).orElse(""));
        object.put("device", route.device());
        object.put(
                "of",
                view.leases().stream()
                        .filter(lease -> lease.subnets().all().contains(route.destination()))
                        .findFirst()
                        .map(lease -> view.nameOf(lease.value().publicIp()))
                        .orElse(""));
        return object;
    }

    @Command(
            name = "map",
            description = "Show who reaches whom, through which device.",
            footer = {
                "",
                "Counts are packets of the device that the way begins with.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME}",
                "  ${COMMAND-FULL-NAME} -o json"
            })
    int map(@Mixin NetworkKeys keys, @Mixin Output output)
            throws IOException, InterruptedException {
        OverlayView view = view(keys);
        var objects = new ArrayList<Map<String, Object>>();
        for (HostView from : view.hosts()) {
            for (Lease lease : view.leases()) {
                if (!lease.value().publicIp().equals(from.address())) {
                    lease.subnets()
                            .all()
                            .forEach(subnet -> objects.add(pair(view, from, lease, subnet)));
                }
            }
        }
        return output.show(
                new Rows(
                        Rows.columnsOf(
                                "FROM", "from", "TO", "to", "SUBNET", "subnet", "DEVICE", "device",
                                "REACHES", "reaches"),
                        Rows.columnsOf(
                                "SENT",
                                "sent",
                                "RECEIVED",
                                "received",
                                "ERRORS",
                                "errors",
                                "WHY",
                                "why"),
                        objects));
    }

    private static Map<String, Object> pair(
            OverlayView view, HostView from, Lease lease, Cidr subnet) {
        var way = view.way(from, subnet.first().plus(1));
        var device = from.tables().device(way.device());
        var object = new LinkedHashMap<String, Object>();
        object.put("from", from.name());
        object.put("to", view.nameOf(lease.value().publicIp()));
        object.put("subnet", subnet.toString());
        object.put("device", way.device());
        object.put("reaches", way.arrives());
        object.put("sent", device.map(HostTables.Device::sent).orElse(0L));
        object.put("received", device.map(HostTables.Device::received).orElse(0L));
        object.put("errors", device.map(HostTables.Device::errors).orElse(0L));
        object.put("why", way.broken());
        return object;
    }

    @Command(
            name = "trace",
            description = "Follow a packet from a host through the hosts' tables.",
            footer = {
                "",
                "FROM and TO are a host's name or an address of its subnet.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} h1 h3",
                "  ${COMMAND-FULL-NAME} h1 10.77.3.2 -o json"
            })
    int trace(
            @Parameters(paramLabel = "FROM", description = "Where the packet begins.") String from,
            @Parameters(paramLabel = "TO", description = "Where it is to arrive.") String to,
            @Mixin NetworkKeys keys,
            @Mixin Output output)
            throws IOException, InterruptedException {
        OverlayView view = view(keys);
        var way = view.way(host(view, from), address(view, to));
        var objects = new ArrayList<Map<String, Object>>();
        for (OverlayView.Step step : way.steps()) {
            objects.add(step(objects.size() + 1, step.where(), step.what()));
        }
        objects.add(
                step(
                        objects.size() + 1,
                        "",
                        way.arrives() ? "arrives" : "does not arrive: " + way.broken()));
        output.show(
                new Rows(
                        Rows.columnsOf("STEP", "step", "WHERE", "where", "WHAT", "what"),
                        Map.of(),
                        objects));
        return way.arrives() ? 0 : 1;
    }

    private static Map<String, Object> step(int number, String where, String what) {
        var object = new LinkedHashMap<String, Object>();
        object.put("step", number);
        object.put("where", where);
        object.put("what", what);
        return object;
    }

    private static HostView host(OverlayView view, String word) throws PlaygroundException {
        return view.hosts().stream()
                .filter(host ->
                        host.name().equals(word)
                                || Ip.parse(word)
                                        .flatMap(view::leaseWith)
                                        .map(lease -> lease.value().publicIp())
                                        .filter(host.address()::equals)
                                        .isPresent())
                .findFirst()
                .orElseThrow(() ->
                        new PlaygroundException(
                                word
                                        + " is no host that runs, nor an address of one's subnet;"
                                        + " hosts are "
                                        + names(view.hosts())));
    }

    private static String names(List<HostView> hosts) {
        return String.join(", ", hosts.stream().map(HostView::name).toList());
    }

    /** A host stands for the first address of its subnet that a container's bridge has. */
    private static Ip address(OverlayView view, String word) throws PlaygroundException {
        var given = Ip.parse(word);
        if (given.isPresent()) {
            return given.get();
        }
        return view.leaseOf(host(view, word))
                .map(lease -> lease.subnet().first().plus(1))
                .orElseThrow(() -> new PlaygroundException("host " + word + " has no subnet"));
    }
}
