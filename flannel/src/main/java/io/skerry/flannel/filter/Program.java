package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chains of rules and the maps that these look into; the kernel runs it as it stands. It ends with
 * a verdict for every packet: the entry's last rule, and those of all chains, speak for all.
 */
record Program(Map<String, List<Element>> maps, Map<String, List<Rule>> chains, String entry) {

    /** What becomes of packets with such an address; the ranges of a map do not overlap. */
    record Element(AddressRange range, Target target) {}

    Program {
        maps = Collections.unmodifiableMap(new LinkedHashMap<>(maps));
        chains = Collections.unmodifiableMap(new LinkedHashMap<>(chains));
    }
}
