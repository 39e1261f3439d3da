package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import java.util.List;

/** A rule of a chain; a packet for which it does not speak goes on to the next. */
sealed interface Rule {
    /** For packets with such an address; all ranges are of one family. */
    record Within(Side side, List<AddressRange> ranges, Target target) implements Rule {
        public Within {
            ranges = List.copyOf(ranges);
        }
    }

    /** For packets with an address that a map has. */
    record Lookup(Side side, Family family, String map) implements Rule {}

    /** For packets to such ports of a protocol. */
    record Ports(Protocol protocol, List<PortRange> ports, Target target) implements Rule {
        public Ports {
            ports = List.copyOf(ports);
        }
    }

    /** For all packets of a protocol. */
    record Of(Protocol protocol, Target target) implements Rule {}

    /** For all packets. */
    record Always(Target target) implements Rule {}
}
