package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.Family;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The maps and chains of a program as they come about; what is alike is made once. */
final class ProgramParts {
    private final String prefix;
    private final Map<String, List<Program.Element>> maps = new LinkedHashMap<>();
    private final Map<String, List<Rule>> chains = new LinkedHashMap<>();
    private final Map<Services, Target> services = new HashMap<>();
    private final Map<Look, Target> looks = new HashMap<>();

    private record Look(Side side, Family family, List<Program.Element> elements) {}

    /**
     * Begins a program.
     *
     * @param prefix of the names of its parts
     */
    ProgramParts(String prefix) {
        this.prefix = prefix;
    }

    /** Where a packet goes to be judged by protocol and port. */
    Target services(Services refused) {
        return services.computeIfAbsent(
                refused,
                key -> {
                    List<Rule> rules = key.rules();
                    return rules.size() == 1 && rules.getFirst() instanceof Rule.Always(Target all)
                            ? all
                            : chain("services", rules);
                });
    }

    /**
     * Where a packet goes to be judged by an address.
     *
     * @param elements for all addresses that come there, in their order
     */
    Target lookup(Side side, Family family, List<Program.Element> elements) {
        List<Program.Element> joined = joined(elements);
        return looks.computeIfAbsent(
                new Look(side, family, joined),
                key -> {
                    Target most = most(joined);
                    var others =
                            joined.stream()
                                    .filter(element -> !element.target().equals(most))
                                    .toList();
                    if (others.isEmpty()) {
                        return most;
                    }
                    String map = prefix + "_map_" + maps.size();
                    maps.put(map, others);
                    return chain(
                            "by",
                            List.of(new Rule.Lookup(side, family, map), new Rule.Always(most)));
                });
    }

    private Target chain(String kind, List<Rule> rules) {
        String name = prefix + "_" + kind + "_" + chains.size();
        chains.put(name, rules);
        return new Target.Goto(name);
    }

    /** What most elements say needs none. */
    private static Target most(List<Program.Element> elements) {
        var counts = new LinkedHashMap<Target, Integer>();
        elements.forEach(element -> counts.merge(element.target(), 1, Integer::sum));
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private static List<Program.Element> joined(List<Program.Element> elements) {
        var joined = new ArrayList<Program.Element>();
        for (Program.Element element : elements) {
            if (!joined.isEmpty()
                    && joined.getLast().target().equals(element.target())
                    && joined.getLast().range().isFollowedBy(element.range())) {
                var before = joined.removeLast().range();
                joined.add(
                        new Program.Element(
                                new AddressRange(before.first(), element.range().last()),
                                element.target()));
            } else {
                joined.add(element);
            }
        }
        return joined;
    }

    Program program(List<Rule> entry) {
        String name = prefix + "_flows";
        chains.put(name, entry);
        return new Program(maps, chains, name);
    }
}
