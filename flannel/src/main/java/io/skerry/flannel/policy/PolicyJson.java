package io.skerry.flannel.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skerry.base.text.JsonFault;
import io.skerry.flannel.address.Cidr;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads policies from their documents. */
public final class PolicyJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,126}[a-z0-9])?");
    private static final String NAME_RULE =
            "1 to 128 small letters, digits, ., _ and -, the first and last a letter or digit";
    private static final int MOST_SELECTORS = 10_000;
    private static final int MOST_PORTS = 1000;
    private static final int LONGEST_DESCRIPTION = 1000;
    private static final String SELECTOR_RULE =
            "objects with one of cidr, host and metadata, like {\"cidr\":\"10.5.0.0/16\"}";
    private static final String PORT_RULE =
            "ports like 80 and ranges like \"8000-8099\", from 0 to " + PortRange.MAX;
    private static final String PROTOCOL_RULE = "tcp, udp, sctp, icmp, a list of these, or any";

    private PolicyJson() {}

    /** A document as a tree. */
    public static JsonNode tree(String text) throws PolicyFault {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new PolicyFault("the policy is not JSON: " + JsonFault.of(e));
        }
    }

    /** Reads a document as it stands in the store under its name. */
    public static Policy parse(String name, String text) throws PolicyFault {
        Policy policy = parse(tree(text));
        if (!policy.name().equals(name)) {
            throw new PolicyFault(
                    "name is " + policy.name() + " and must be " + name + ", as its key");
        }
        return policy;
    }

    /** Reads a document. */
    public static Policy parse(JsonNode tree) throws PolicyFault {
        var fields = PolicyFields.of("", tree);
        String name = name(fields);
        boolean isDefault = name.equals(Policy.DEFAULT);
        var order = fields.number("order", 0, Policy.MAX_ORDER);
        String description = fields.text("description", "a text").orElse("");
        if (description.length() > LONGEST_DESCRIPTION) {
            throw new PolicyFault(
                    "description has "
                            + description.length()
                            + " letters and may have "
                            + LONGEST_DESCRIPTION);
        }
        var from = selectors(fields, "from");
        var to = selectors(fields, "to");
        Set<Protocol> protocols = protocols(fields);
        List<PortRange> ports = ports(fields, protocols);
        Verdict verdict = verdict(fields);
        fields.refuseOthers();
        if (isDefault) {
            for (String field : List.of("order", "from", "to", "protocol", "ports")) {
                if (tree.hasNonNull(field)) {
                    throw new PolicyFault(
                            field
                                    + " must not be given: the policy named default decides what no"
                                    + " other does");
                }
            }
        }
        return new Policy(
                name,
                order.orElse(Policy.DEFAULT_ORDER),
                description,
                from,
                to,
                protocols,
                ports,
                verdict);
    }

    private static String name(PolicyFields fields) throws PolicyFault {
        var name = fields.text("name", NAME_RULE);
        if (name.isEmpty()) {
            throw fields.missing("name", NAME_RULE);
        }
        return requireName(name.get());
    }

    /** The name itself if it can be one of a policy. */
    public static String requireName(String name) throws PolicyFault {
        if (!NAME.matcher(name).matches()) {
            throw new PolicyFault("name is \"" + name + "\" and must be " + NAME_RULE);
        }
        return name;
    }

    private static List<Selector> selectors(PolicyFields fields, String name) throws PolicyFault {
        var selectors = new ArrayList<Selector>();
        for (JsonNode node : fields.list(name, MOST_SELECTORS, SELECTOR_RULE)) {
            selectors.add(selector(fields.path(name) + "[" + selectors.size() + "]", node));
        }
        return selectors;
    }

    private static Selector selector(String path, JsonNode node) throws PolicyFault {
        var fields = PolicyFields.of(path, node);
        var cidr = network(fields, "cidr", fields.take("cidr"));
        var except = new ArrayList<Cidr>();
        for (JsonNode hole : fields.list("except", MOST_SELECTORS, "networks within cidr")) {
            except.add(network(fields, "except", Optional.of(hole)).orElseThrow());
        }
        var host = fields.text("host", "a host's public address or its machine's id");
        var metadata = fields.take("metadata");
        fields.refuseOthers();
        long given = List.of(cidr, host, metadata).stream().filter(Optional::isPresent).count();
        if (given != 1) {
            throw new PolicyFault(
                    path + " is " + node + " and must have one of cidr, host and metadata");
        }
        if (cidr.isPresent()) {
            for (Cidr hole : except) {
                if (!cidr.get().contains(hole)) {
                    throw new PolicyFault(
                            fields.path("except") + " has " + hole + ", which is not within cidr");
                }
            }
            return new Selector.Block(cidr.get(), except);
        }
        if (!except.isEmpty()) {
            throw new PolicyFault(fields.path("except") + " means nothing without cidr");
        }
        if (host.isPresent()) {
            if (host.get().isBlank()) {
                throw fields.refusal(
                        "host",
                        new TextNode(host.get()),
                        "a host's public address or its machine's id");
            }
            return new Selector.Host(host.get());
        }
        return metadata(fields.path("metadata"), metadata.orElseThrow());
    }

    private static Optional<Cidr> network(PolicyFields fields, String name, Optional<JsonNode> node)
            throws PolicyFault {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        var network =
                node.filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .flatMap(Cidr::parseWithHosts);
        if (network.isEmpty()) {
            throw fields.refusal(
                    name, node.get(), "a network like 10.5.0.0/16 or fd00:5::/48, or an address");
        }
        if (!network.get().equals(network.get().network())) {
            throw fields.refusal(
                    name,
                    node.get(),
                    network.get().network() + ": its address has bits after its length");
        }
        return network;
    }

    private static Selector metadata(String path, JsonNode node) throws PolicyFault {
        var fields = PolicyFields.of(path, node);
        if (node.isEmpty()) {
            throw new PolicyFault(path + " is {} and must have a key, like {\"role\":\"web\"}");
        }
        var values = new TreeMap<String, List<String>>();
        for (var field : node.properties()) {
            values.put(
                    field.getKey(),
                    fields.words(
                            field.getKey(), "a text or a list of texts, of which one must be"));
        }
        for (var entry : values.entrySet()) {
            if (entry.getValue().isEmpty()) {
                throw fields.missing(entry.getKey(), "a text or a list of texts");
            }
        }
        return new Selector.Metadata(values);
    }

    private static Set<Protocol> protocols(PolicyFields fields) throws PolicyFault {
        List<String> words = fields.words("protocol", PROTOCOL_RULE);
        if (words.isEmpty() || words.equals(List.of("any"))) {
            return Policy.anyProtocol();
        }
        var protocols = EnumSet.noneOf(Protocol.class);
        for (String word : words) {
            protocols.add(
                    Protocol.of(word)
                            .orElseThrow(() ->
                                    fields.refusal("protocol", new TextNode(word), PROTOCOL_RULE)));
        }
        return protocols;
    }

    private static List<PortRange> ports(PolicyFields fields, Set<Protocol> protocols)
            throws PolicyFault {
        var ports = new ArrayList<PortRange>();
        for (JsonNode node : fields.list("ports", MOST_PORTS, PORT_RULE)) {
            boolean written = node.isTextual() || node.isInt();
            ports.add(
                    Optional.of(node.asText())
                            .filter(text -> written)
                            .flatMap(PortRange::parse)
                            .orElseThrow(() -> fields.refusal("ports", node, PORT_RULE)));
        }
        if (ports.isEmpty()) {
            return List.of(PortRange.ALL);
        }
        if (!protocols.stream().allMatch(Protocol::hasPorts)) {
            throw new PolicyFault(
                    "ports need a protocol that has them: tcp, udp, sctp or some of these");
        }
        return ports;
    }

    private static Verdict verdict(PolicyFields fields) throws PolicyFault {
        var action = fields.text("action", "allow or deny");
        var established = fields.text("established", "keep or stop");
        if (action.isEmpty()) {
            throw fields.missing("action", "allow or deny");
        }
        return switch (action.get()) {
            case "allow" -> {
                if (established.isPresent()) {
                    throw new PolicyFault("established means nothing unless action is deny");
                }
                yield Verdict.ALLOW;
            }
            case "deny" ->
                    switch (established.orElse("keep")) {
                        case "keep" -> Verdict.DENY;
                        case "stop" -> Verdict.DENY_AND_STOP;
                        default ->
                                throw fields.refusal(
                                        "established",
                                        new TextNode(established.orElseThrow()),
                                        "keep or stop");
                    };
            default -> throw fields.refusal("action", new TextNode(action.get()), "allow or deny");
        };
    }
}
