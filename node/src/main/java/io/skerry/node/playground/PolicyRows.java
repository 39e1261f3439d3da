package io.skerry.node.playground;

import io.skerry.flannel.policy.Evaluation;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import io.skerry.flannel.policy.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Policies and their decisions, as they are shown. */
final class PolicyRows {
    private PolicyRows() {}

    /** In the order in which they are asked; those that cannot be read come last. */
    static Rows of(SortedMap<String, String> documents) {
        var policies = new ArrayList<Policy>();
        var faulty = new ArrayList<Map<String, Object>>();
        documents.forEach((name, text) -> {
            try {
                policies.add(PolicyJson.parse(name, text));
            } catch (PolicyFault e) {
                var object = new LinkedHashMap<String, Object>();
                object.put("name", name);
                object.put("fault", String.valueOf(e.getMessage()));
                faulty.add(object);
            }
        });
        var objects = new ArrayList<Map<String, Object>>();
        policies.stream().sorted(Policy.ORDER).forEach(policy -> objects.add(object(policy)));
        objects.addAll(faulty);
        return new Rows(
                Rows.columnsOf(
                        "NAME",
                        "name",
                        "ORDER",
                        "order",
                        "ACTION",
                        "action",
                        "FROM",
                        "from",
                        "TO",
                        "to",
                        "PROTOCOL",
                        "protocol",
                        "PORTS",
                        "ports",
                        "FAULT",
                        "fault"),
                Rows.columnsOf("ESTABLISHED", "established", "DESCRIPTION", "description"),
                objects);
    }

    private static Map<String, Object> object(Policy policy) {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", policy.name());
        object.put("order", policy.isDefault() ? "" : policy.order());
        object.put("action", action(policy));
        object.put("established", established(policy));
        object.put("from", selectors(policy.from()));
        object.put("to", selectors(policy.to()));
        object.put(
                "protocol",
                policy.protocols().equals(Policy.anyProtocol())
                        ? List.of("any")
                        : policy.protocols().stream().sorted().map(Protocol::word).toList());
        object.put(
                "ports",
                policy.ports().equals(List.of(PortRange.ALL))
                        ? List.of()
                        : policy.ports().stream().map(PortRange::toString).toList());
        object.put("description", policy.description());
        object.put("fault", "");
        return object;
    }

    private static List<String> selectors(List<Selector> selectors) {
        return selectors.isEmpty()
                ? List.of("any")
                : selectors.stream().map(Selector::toString).toList();
    }

    private static String action(Policy policy) {
        return policy.verdict().allows() ? "allow" : "deny";
    }

    /** What becomes of flows that run; empty where they are allowed anyway. */
    private static String established(Policy policy) {
        return switch (policy.verdict()) {
            case ALLOW -> "";
            case DENY -> "keep";
            case DENY_AND_STOP -> "stop";
        };
    }

    /** Policy by policy, and at last what comes of it. */
    static Rows steps(Evaluation evaluation) {
        var objects = new ArrayList<Map<String, Object>>();
        for (Evaluation.Step step : evaluation.steps()) {
            objects.add(
                    step(
                            step.policy().isDefault() ? "" : step.policy().order(),
                            step.policy().name(),
                            action(step.policy()),
                            step.decides() ? "decides: " + outcome(evaluation) : step.mismatch()));
        }
        if (evaluation.decider().isEmpty()) {
            objects.add(step("", "", "allow", "no policy matches: allowed"));
        }
        return new Rows(
                Rows.columnsOf(
                        "ORDER", "order", "POLICY", "policy", "ACTION", "action", "RESULT",
                        "result"),
                Map.of(),
                objects);
    }

    private static Map<String, Object> step(
            Object order, String policy, String action, String result) {
        var object = new LinkedHashMap<String, Object>();
        object.put("order", order);
        object.put("policy", policy);
        object.put("action", action);
        object.put("result", result);
        return object;
    }

    private static String outcome(Evaluation evaluation) {
        return switch (evaluation.verdict()) {
            case ALLOW -> "allowed";
            case DENY -> "denied; flows that run go on";
            case DENY_AND_STOP -> "denied; flows that run are stopped";
        };
    }

    /** The same for programs. */
    static Map<String, Object> tree(Packet packet, Evaluation evaluation) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("from", packet.source().toString());
        tree.put("to", packet.destination().toString());
        tree.put("protocol", packet.protocol().word());
        tree.put("port", packet.port());
        tree.put("allowed", evaluation.verdict().allows());
        tree.put("policy", evaluation.decider().map(Policy::name).orElse(""));
        tree.put("established", evaluation.decider().map(PolicyRows::established).orElse(""));
        tree.put("steps", steps(evaluation).objects());
        return tree;
    }
}
