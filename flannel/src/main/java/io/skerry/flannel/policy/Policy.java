package io.skerry.flannel.policy;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One sentence on who may send what to whom. Of several that match, the first in {@link #ORDER}
 * decides.
 *
 * @param description for people
 * @param from any of these; none: from anywhere
 * @param to any of these; none: to anywhere
 * @param protocols any of these
 * @param ports any of these, where the protocol has ports
 */
public record Policy(
        String name,
        int order,
        String description,
        List<Selector> from,
        List<Selector> to,
        Set<Protocol> protocols,
        List<PortRange> ports,
        Verdict verdict) {
    /** The name of the policy that decides when no other does. */
    public static final String DEFAULT = "default";

    public static final int DEFAULT_ORDER = 1000;
    public static final int MAX_ORDER = 1_000_000;

    /** Which is asked first; the one named default is asked last. */
    public static final Comparator<Policy> ORDER =
            Comparator.comparing(Policy::isDefault)
                    .thenComparingInt(Policy::order)
                    .thenComparing(Policy::name);

    public Policy {
        from = List.copyOf(from);
        to = List.copyOf(to);
        protocols = Set.copyOf(protocols);
        ports = List.copyOf(ports);
    }

    /** Every protocol there is. */
    public static Set<Protocol> anyProtocol() {
        return EnumSet.allOf(Protocol.class);
    }

    public boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /** Whether it tells protocols apart. */
    boolean isForAnyProtocol() {
        return protocols.size() == Protocol.values().length;
    }

    /** Which of a protocol's ports it is about; none if it is not about the protocol. */
    public List<PortRange> ports(Protocol protocol) {
        return protocols.contains(protocol) ? ports : List.of();
    }
}
