package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Compiles policies for one host.
 *
 * <p>Addresses that the same policies select are alike. So a packet first finds its class by that
 * of its addresses which is of this host, where there are few classes; then, in the class's own
 * map, by the other address what policies are left; and then by protocol and port the verdict of
 * the first of these. Classes that come to the same share maps and chains. Would the first look be
 * for any address, the maps were as many as the hosts' classes, each as large as the hosts are
 * many.
 */
public final class Compiler {
    private final List<Policy> policies;
    private final Verdict otherwise;
    private final Landscape landscape;
    private final List<AddressSet> from = new ArrayList<>();
    private final List<AddressSet> to = new ArrayList<>();
    private final BitSet everyPolicy = new BitSet();

    private Compiler(List<Policy> all, Landscape landscape) {
        this.policies =
                all.stream().filter(policy -> !policy.isDefault()).sorted(Policy.ORDER).toList();
        this.otherwise =
                all.stream()
                        .filter(Policy::isDefault)
                        .map(Policy::verdict)
                        .findFirst()
                        .orElse(Verdict.ALLOW);
        this.landscape = landscape;
        var index = new HostIndex(landscape.hosts());
        for (Policy policy : policies) {
            from.add(index.addresses(policy.from()));
            to.add(index.addresses(policy.to()));
        }
        everyPolicy.set(0, policies.size());
    }

    /** What a host looks up; the order in which policies are given is of no matter. */
    public static Filter compile(List<Policy> policies, Landscape landscape) {
        var compiler = new Compiler(policies, landscape);
        boolean stops = policies.stream().anyMatch(policy -> policy.verdict().stops());
        return new Filter(
                compiler.program("new", verdict -> !verdict.allows()),
                stops ? Optional.of(compiler.program("run", Verdict::stops)) : Optional.empty());
    }

    private Program program(String prefix, Predicate<Verdict> refuses) {
        var parts = new ProgramParts(prefix);
        var known = new HashMap<BitSet, Target>();
        var rules = new ArrayList<Rule>();
        for (Family family : Family.values()) {
            AddressSet overlay = landscape.overlay().of(family);
            if (!overlay.isEmpty()) {
                new FamilyPart(
                                family,
                                overlay,
                                parts,
                                applicable -> target(parts, known, applicable, refuses))
                        .addTo(rules);
            }
        }
        rules.add(new Rule.Always(Target.ACCEPT));
        return parts.program(rules);
    }

    /** What becomes of packets of which only those policies speak. */
    private Target target(
            ProgramParts parts,
            Map<BitSet, Target> known,
            BitSet applicable,
            Predicate<Verdict> refuses) {
        return known.computeIfAbsent(
                applicable,
                numbers ->
                        parts.services(
                                Services.of(
                                        numbers.stream().mapToObj(policies::get).toList(),
                                        refuses,
                                        otherwise)));
    }

    /** Where packets go of which those policies may speak. */
    private interface Judge {
        Target of(BitSet left);
    }

    /** The rules for one family. */
    private final class FamilyPart {
        private final Family family;
        private final AddressSet overlay;
        private final ProgramParts parts;
        private final Judge judge;

        FamilyPart(Family family, AddressSet overlay, ProgramParts parts, Judge judge) {
            this.family = family;
            this.overlay = overlay;
            this.parts = parts;
            this.judge = judge;
        }

        /** As {@link Landscape#judges} has it. */
        void addTo(List<Rule> rules) {
            AddressSet own = landscape.own().of(family);
            if (!own.isEmpty()) {
                add(rules, Side.SOURCE, own, tree(Side.SOURCE, own, AddressSet.ALL));
                add(rules, Side.DESTINATION, own, tree(Side.DESTINATION, own, AddressSet.ALL));
            }
            add(rules, Side.SOURCE, overlay, Target.ACCEPT);
            AddressSet others = overlay.minus(own);
            AddressSet outside = AddressSet.ALL.minus(overlay);
            if (!others.isEmpty() && !outside.of(family).isEmpty()) {
                add(rules, Side.DESTINATION, others, tree(Side.SOURCE, outside, others));
            }
        }

        private void add(List<Rule> rules, Side side, AddressSet addresses, Target target) {
            rules.add(new Rule.Within(side, addresses.ranges(), target));
        }

        /** Two looks: by the address of one side, then by that of the other. */
        private Target tree(Side first, AddressSet ofFirst, AddressSet ofSecond) {
            boolean bySource = first == Side.SOURCE;
            var known = new HashMap<BitSet, Target>();
            return lookup(
                    first,
                    Partition.of(ofFirst.of(family), bySource ? from : to, everyPolicy),
                    alike ->
                            known.computeIfAbsent(
                                    alike,
                                    left ->
                                            lookup(
                                                    bySource ? Side.DESTINATION : Side.SOURCE,
                                                    Partition.of(
                                                            ofSecond.of(family),
                                                            bySource ? to : from,
                                                            left),
                                                    judge)));
        }

        private Target lookup(Side side, List<Partition.Span> spans, Judge then) {
            var elements = new ArrayList<Program.Element>();
            for (Partition.Span span : spans) {
                elements.add(new Program.Element(span.range(), then.of(span.sets())));
            }
            return parts.lookup(side, family, elements);
        }
    }
}
