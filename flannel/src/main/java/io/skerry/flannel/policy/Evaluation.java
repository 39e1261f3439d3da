package io.skerry.flannel.policy;

import io.skerry.flannel.address.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a list of policies means for one packet, told policy by policy. It is what the compiled
 * rules are tested against, and what explains a decision to people.
 *
 * @param steps the policies that were asked, up to the one that decided
 * @param verdict of the last step's policy if that matched; else flows are allowed
 */
public record Evaluation(List<Step> steps, Verdict verdict) {
    public Evaluation {
        steps = List.copyOf(steps);
    }

    /**
     * A policy that was asked.
     *
     * @param mismatch why it does not speak of the packet; empty: it does, and decides
     */
    public record Step(Policy policy, String mismatch) {
        public boolean decides() {
            return mismatch.isEmpty();
        }
    }

    /** Asks the policies in their order; without any that matches, everything is allowed. */
    public static Evaluation of(List<Policy> policies, List<HostFacts> hosts, Packet packet) {
        var steps = new ArrayList<Step>();
        for (Policy policy : policies.stream().sorted(Policy.ORDER).toList()) {
            var step = new Step(policy, mismatch(policy, hosts, packet));
            steps.add(step);
            if (step.decides()) {
                return new Evaluation(steps, policy.verdict());
            }
        }
        return new Evaluation(steps, Verdict.ALLOW);
    }

    /** The policy that decided; empty if none matched. */
    public Optional<Policy> decider() {
        return steps.isEmpty() || !steps.getLast().decides()
                ? Optional.empty()
                : Optional.of(steps.getLast().policy());
    }

    private static String mismatch(Policy policy, List<HostFacts> hosts, Packet packet) {
        if (!selects(policy.from(), packet.source(), hosts)) {
            return "from does not select " + packet.source();
        }
        if (!selects(policy.to(), packet.destination(), hosts)) {
            return "to does not select " + packet.destination();
        }
        Protocol protocol = packet.protocol();
        if (!policy.protocols().contains(protocol)) {
            return "protocol is not " + protocol.word();
        }
        if (protocol.hasPorts()
                && policy.ports().stream().noneMatch(range -> range.contains(packet.port()))) {
            return "ports are without " + packet.port();
        }
        return "";
    }

    private static boolean selects(List<Selector> selectors, Ip address, List<HostFacts> hosts) {
        return selectors.isEmpty()
                || selectors.stream().anyMatch(selector -> selector.selects(address, hosts));
    }
}
