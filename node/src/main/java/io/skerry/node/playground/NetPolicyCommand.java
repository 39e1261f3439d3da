package io.skerry.node.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.text.Nearest;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.book.StoredPolicies;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.config.SubnetRange;
import io.skerry.flannel.policy.Evaluation;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import io.skerry.flannel.subnet.EtcdSubnetStore;
import io.skerry.flannel.subnet.SubnetView;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who may send what to whom among the overlay's addresses. */
@Command(
        name = "policy",
        description = "Allow and deny traffic of containers by address, host, metadata and port.",
        footer = {
            "",
            "Of the policies that match a flow's first packet, the first by order and name"
                    + " decides.",
            "The policy named default decides what no other does; without it, that is allowed.",
            "",
            "Examples:",
            "  skerry net policy set"
                    + " '{\"name\":\"db\",\"order\":100,\"action\":\"allow\",\"protocol\":\"tcp\",",
            "    \"ports\":[5432],\"from\":[{\"metadata\":{\"role\":\"web\"}}],"
                    + "\"to\":[{\"metadata\":{\"role\":\"db\"}}]}'",
            "  skerry net policy set '{\"name\":\"default\",\"action\":\"deny\"}'",
            "  skerry net policy list",
            "  skerry net policy explain h1 h3:5432"
        })
public final class NetPolicyCommand extends CommandGroup {
    private static final int LARGEST_FILE = 1_500_000;

    /** What is done with the store. */
    private interface Use<T> {
        T of(EtcdClient client, StoredPolicies policies)
                throws IOException, EtcdException, PolicyFault, InterruptedException;
    }

    private <T> T use(NetworkKeys keys, Use<T> use) throws IOException, InterruptedException {
        Session session = Session.of(spec());
        requireV3(session, keys);
        try (EtcdClient client = EtcdClient.connect(keys.endpoints(session))) {
            return use.of(client, new StoredPolicies(client, keys.keys()));
        } catch (EtcdException e) {
            throw new IOException("the store does not do it: " + e.getMessage(), e);
        } catch (PolicyFault e) {
            throw new PlaygroundException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireV3(Session session, NetworkKeys keys) throws PlaygroundException {
        if (keys.etcdV2()) {
            String policies = keys.keys().policies();
            throw new PlaygroundException(
                    "--etcd-v2: this command reads and writes keys of v3 only, and hosts of a"
                            + " network in keys of etcd's v2 API follow their policies there; put"
                            + " one with \""
                            + keys.ofV2(session, "set " + policies + "NAME DOCUMENT")
                            + "\", see them with \""
                            + keys.ofV2(session, "ls " + policies)
                            + "\"");
        }
    }

    @Command(
            name = "list",
            description = "List the policies in the order in which they are asked.",
            footer = {"", "Examples:", "  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} -o json"})
    int list(@Mixin NetworkKeys keys, @Mixin Output output)
            throws IOException, InterruptedException {
        return output.show(PolicyRows.of(use(keys, (client, policies) -> policies.documents())));
    }

    @Command(
            name = "get",
            description = "Show one policy; with -o json or yaml, its document.",
            footer = {
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} db",
                "  ${COMMAND-FULL-NAME} db -o yaml"
            })
    int get(
            @Parameters(paramLabel = "NAME", description = "The policy.") String name,
            @Mixin NetworkKeys keys,
            @Mixin Output output)
            throws IOException, InterruptedException {
        SortedMap<String, String> all = use(keys, (client, policies) -> policies.documents());
        String document = all.get(name);
        if (document == null) {
            throw unknown(name, all);
        }
        return output.show(PolicyRows.of(new TreeMap<>(Map.of(name, document))), tree(document));
    }

    /** What stands in the store, be it a policy or not. */
    private static Map<String, Object> tree(String document) {
        try {
            var fields = new LinkedHashMap<String, Object>();
            PolicyJson.tree(document)
                    .properties()
                    .forEach(field ->
                            fields.put(
                                    field.getKey(),
                                    new ObjectMapper()
                                            .convertValue(field.getValue(), Object.class)));
            return fields;
        } catch (PolicyFault e) {
            return Map.of("document", document, "fault", String.valueOf(e.getMessage()));
        }
    }

    private static PlaygroundException unknown(String name, SortedMap<String, String> all) {
        return new PlaygroundException(
                "there is no policy "
                        + name
                        + Nearest.to(name, all.keySet())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
    }

    @Command(
            name = "set",
            description = "Make or replace policies.",
            footer = {
                "",
                "A document is JSON or YAML, in a file, on standard input (-), or as the word"
                        + " itself:",
                "  name         small letters, digits, . _ -; \"default\" is what else is done",
                "  order        0 to 1000000, 1000; the lowest that matches decides",
                "  from, to     a list of {cidr, except}, {host} or {metadata}; without: any"
                        + " address",
                "  protocol     tcp, udp, sctp, icmp, a list of these, or any",
                "  ports        a list of ports and ranges, with tcp, udp and sctp",
                "  action       allow or deny",
                "  established  with deny: keep (flows that run go on) or stop",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} db.yaml web.yaml",
                "  ${COMMAND-FULL-NAME} '{\"name\":\"default\",\"action\":\"deny\"}'"
            })
    int set(
            @Parameters(
                            paramLabel = "DOCUMENT",
                            arity = "1..*",
                            description = "File, - or the document itself.")
                    List<String> words,
            @Mixin NetworkKeys keys)
            throws IOException, InterruptedException {
        var documents = new ArrayList<JsonNode>();
        for (String word : words) {
            documents.add(document(word)); // all are read before one is put
        }
        return use(
                keys,
                (client, policies) -> {
                    for (JsonNode document : documents) {
                        String name = PolicyJson.parse(document).name();
                        var before = policies.set(document);
                        spec().commandLine()
                                .getOut()
                                .println(
                                        "policy "
                                                + name
                                                + switch (before) {
                                                    case ABSENT -> " is made";
                                                    case DIFFERENT -> " is changed";
                                                    case THE_SAME -> " is as it was";
                                                });
                    }
                    return 0;
                });
    }

    private static JsonNode document(String word) throws IOException {
        String where = word.startsWith("{") ? "the document" : word;
        try {
            var settings = LoadSettings.builder().setLabel(where).build();
            Object read = new Load(settings).loadFromString(text(word));
            JsonNode tree = new ObjectMapper().valueToTree(read);
            var _ = PolicyJson.parse(tree);
            return tree;
        } catch (YamlEngineException e) {
            throw new PlaygroundException(
                    where + " is neither JSON nor YAML: " + e.getMessage(), e);
        } catch (PolicyFault e) {
            throw new PlaygroundException(where + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new PlaygroundException("there is no file " + word, e);
        }
    }

    private static String text(String word) throws IOException {
        if (word.startsWith("{")) {
            return word;
        }
        byte[] bytes =
                word.equals("-")
                        ? System.in.readNBytes(LARGEST_FILE + 1)
                        : Files.readAllBytes(Path.of(word));
        if (bytes.length > LARGEST_FILE) {
            throw new PlaygroundException(
                    word + " is larger than " + LARGEST_FILE + " bytes, which a store takes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Command(
            name = "delete",
            description = "Delete policies.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} db"})
    int delete(
            @Parameters(paramLabel = "NAME", arity = "1..*", description = "The policies.")
                    List<String> names,
            @Mixin NetworkKeys keys)
            throws IOException, InterruptedException {
        return use(
                keys,
                (client, policies) -> {
                    for (String name : names) {
                        if (!policies.delete(name)) {
                            throw unknown(name, policies.documents());
                        }
                        spec().commandLine().getOut().println("policy " + name + " is deleted");
                    }
                    return 0;
                });
    }

    @Command(
            name = "explain",
            description = "Tell which policy decides on a flow, and why those before it do not.",
            footer = {
                "",
                "FROM and TO are addresses, hosts' names, public addresses or machines' ids; a"
                        + " host",
                "stands for the first of its containers. TO may have a port: h3:80, [fd00::2]:80.",
                "Exit status: 0 the flow is allowed, 1 it is denied.",
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} h1 h3:5432",
                "  ${COMMAND-FULL-NAME} 10.77.1.2 10.77.3.2:53 --protocol udp -o json"
            })
    int explain(
            @Parameters(paramLabel = "FROM", description = "Where the flow begins.") String from,
            @Parameters(paramLabel = "TO[:PORT]", description = "Where it goes.") String to,
            @Option(
                            names = {"-p", "--protocol"},
                            paramLabel = "PROTOCOL",
                            defaultValue = "",
                            description = "tcp (with a port), udp, sctp or icmp (without).")
                    String protocol,
            @Mixin NetworkKeys keys,
            @Mixin Output output)
            throws IOException, InterruptedException {
        Session session = Session.of(spec());
        Map<String, String> names = names(session, keys);
        return use(
                keys,
                (client, policies) -> {
                    var read = new EtcdSubnetStore(client, keys.keys()).read();
                    if (read.isEmpty()) {
                        throw keys.noNetwork(session);
                    }
                    SubnetView view = read.get();
                    var hosts = policies.hosts(view.leases());
                    var packet = new FlowEnds(hosts, names).packet(from, to, protocol);
                    AddressSet overlay = overlay(view);
                    if (!overlay.contains(packet.source())
                            && !overlay.contains(packet.destination())) {
                        throw new PlaygroundException(
                                "neither "
                                        + packet.source()
                                        + " nor "
                                        + packet.destination()
                                        + " is of the network "
                                        + overlay.ranges());
                    }
                    var good = new ArrayList<Policy>();
                    for (var entry : policies.documents().entrySet()) {
                        try {
                            good.add(PolicyJson.parse(entry.getKey(), entry.getValue()));
                        } catch (PolicyFault e) {
                            spec().commandLine()
                                    .getErr()
                                    .println(
                                            "policy "
                                                    + entry.getKey()
                                                    + " cannot be read and is left out here: "
                                                    + e.getMessage());
                        }
                    }
                    var evaluation = Evaluation.of(good, hosts, packet);
                    output.show(PolicyRows.steps(evaluation), PolicyRows.tree(packet, evaluation));
                    return evaluation.verdict().allows() ? 0 : 1;
                });
    }

    private static AddressSet overlay(SubnetView view) throws PlaygroundException {
        try {
            return AddressSet.of(
                    NetworkJson.parse(view.config()).config().ranges().all().stream()
                            .map(SubnetRange::network)
                            .toList());
        } catch (ConfigFault e) {
            throw new PlaygroundException(
                    "the network's configuration cannot be used: " + e.getMessage(), e);
        }
    }

    /** Virtual hosts' names; this machine has none. */
    private static Map<String, String> names(Session session, NetworkKeys keys) throws IOException {
        var names = new HashMap<String, String>();
        if (!keys.isThisMachine(session)) {
            for (Host host : session.existing().hosts()) {
                names.put(host.name(), host.address());
            }
        }
        return names;
    }
}
