package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs a program for a packet as the kernel does. */
final class Walk {
    private final Program program;
    private final Packet packet;

    private Walk(Program program, Packet packet) {
        this.program = program;
        this.packet = packet;
    }

    static boolean refuses(Program program, Packet packet) {
        return new Walk(program, packet).refuses();
    }

    private boolean refuses() {
        String chain = program.entry();
        while (true) {
            switch (run(chain)) {
                case Target.Accept accept -> {
                    return false;
                }
                case Target.Refuse refuse -> {
                    return true;
                }
                case Target.Goto(String next) -> chain = next;
            }
        }
    }

    private Target run(String chain) {
        return Objects.requireNonNull(program.chains().get(chain)).stream()
                .flatMap(rule -> speaks(rule).stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("chain " + chain + " has no end"));
    }

    private Optional<Target> speaks(Rule rule) {
        return switch (rule) {
            case Rule.Within(Side side, List<AddressRange> ranges, Target target) ->
                    when(ranges.stream().anyMatch(range -> range.contains(address(side))), target);
            case Rule.Lookup(Side side, Family family, String map) -> lookup(side, family, map);
            case Rule.Ports(Protocol protocol, List<PortRange> ports, Target target) ->
                    when(
                            protocol == packet.protocol()
                                    && ports.stream().anyMatch(of -> of.contains(packet.port())),
                            target);
            case Rule.Of(Protocol protocol, Target target) ->
                    when(protocol == packet.protocol(), target);
            case Rule.Always(Target target) -> Optional.of(target);
        };
    }

    private Optional<Target> lookup(Side side, Family family, String map) {
        if (family != packet.source().family()) {
            return Optional.empty();
        }
        var matching =
                Objects.requireNonNull(program.maps().get(map)).stream()
                        .filter(element -> element.range().contains(address(side)))
                        .toList();
        if (matching.size() > 1) {
            throw new AssertionError("the kernel refuses ranges that overlap: " + matching);
        }
        return matching.stream().map(Program.Element::target).findFirst();
    }

    private static Optional<Target> when(boolean is, Target target) {
        return is ? Optional.of(target) : Optional.empty();
    }

    private Ip address(Side side) {
        return side == Side.SOURCE ? packet.source() : packet.destination();
    }
}
