package io.skerry.flannel.filter;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.policy.PortRange;
import io.skerry.flannel.policy.Protocol;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A filter as nft reads it: one table for both families, replaced in one transaction.
 *
 * <p>The first packet of a flow is judged by its own addresses, after the destination was
 * translated. All others are judged by what the connection tracker knows of the flow's ends, so
 * that both directions find the same verdict: its sender, and who answers, which is the translated
 * destination.
 */
public final class FilterText {
    private final StringBuilder text = new StringBuilder();
    private final String refusal;
    private final boolean running;

    private FilterText(String refusal, boolean running) {
        this.refusal = refusal;
        this.running = running;
    }

    /** That there be no such table. */
    public static String removal(String table) {
        return "table inet " + table + "\ndelete table inet " + table + "\n";
    }

    /**
     * That the table be this.
     *
     * @param counts what was counted so far, to go on from
     */
    public static String of(String table, Filter filter, Counts counts) {
        var text = new StringBuilder(removal(table));
        text.append(
                """
                table inet %s {
                    counter denied { packets %d bytes 0; }
                    counter stopped { packets %d bytes 0; }
                    chain denied {
                        counter name "denied" drop
                    }
                    chain stopped {
                        counter name "stopped" drop
                    }
                """
                        .formatted(table, counts.denied(), counts.stopped()));
        text.append(new FilterText("denied", false).program(filter.beginning()));
        filter.running()
                .ifPresent(
                        program -> text.append(new FilterText("stopped", true).program(program)));
        text.append(
                """
                    chain forward {
                        type filter hook forward priority filter; policy accept;
                        ct state related accept
                        ct state established %s
                        icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, \
                nd-neighbor-advert, mld-listener-query, mld-listener-report, mld-listener-done, \
                mld2-listener-report } accept
                        goto %s
                    }
                }
                """
                        .formatted(
                                filter.running().map(run -> "goto " + run.entry()).orElse("accept"),
                                filter.beginning().entry()));
        return text.toString();
    }

    private String program(Program program) {
        // A chain must stand before whatever names it.
        program.maps().forEach(this::map);
        program.chains().forEach(this::chain);
        return text.toString();
    }

    private void map(String name, List<Program.Element> elements) {
        boolean four = elements.getFirst().range().family() == Family.IPV4;
        text.append("    map ")
                .append(name)
                .append(" {\n        type ")
                .append(four ? "ipv4_addr" : "ipv6_addr")
                .append(" : verdict; flags interval;\n        elements = {\n");
        for (Program.Element element : elements) {
            text.append("            ")
                    .append(element.range())
                    .append(" : ")
                    .append(target(element.target()))
                    .append(",\n");
        }
        text.append("        }\n    }\n");
    }

    private void chain(String name, List<Rule> rules) {
        text.append("    chain ").append(name).append(" {\n");
        rules.forEach(rule -> text.append("        ").append(rule(rule)).append('\n'));
        text.append("    }\n");
    }

    private String rule(Rule rule) {
        return switch (rule) {
            case Rule.Within within ->
                    address(within.side(), within.ranges().getFirst().family())
                            + " "
                            + set(within.ranges())
                            + " "
                            + target(within.target());
            case Rule.Lookup(Side side, Family family, String map) ->
                    address(side, family) + " vmap @" + map;
            case Rule.Ports(Protocol protocol, List<PortRange> ports, Target target) ->
                    port(protocol) + " " + set(ports) + " " + target(target);
            case Rule.Of(Protocol protocol, Target target) ->
                    "meta l4proto " + protocol(protocol) + " " + target(target);
            case Rule.Always(Target target) -> target(target);
        };
    }

    private static String set(List<?> ranges) {
        return ranges.stream().map(Object::toString).collect(Collectors.joining(", ", "{ ", " }"));
    }

    private String address(Side side, Family family) {
        String ip = family == Family.IPV4 ? "ip " : "ip6 ";
        return switch (side) {
            case SOURCE -> (running ? "ct original " : "") + ip + "saddr";
            case DESTINATION -> running ? "ct reply " + ip + "saddr" : ip + "daddr";
        };
    }

    private String port(Protocol protocol) {
        return running
                ? "meta l4proto " + protocol(protocol) + " ct reply proto-src"
                : protocol(protocol) + " dport";
    }

    private static String protocol(Protocol protocol) {
        return switch (protocol) {
            case TCP, UDP, SCTP -> protocol.word();
            case ICMP -> "{ icmp, ipv6-icmp }";
            case OTHER -> throw new IllegalStateException("no rule names all other protocols");
        };
    }

    private String target(Target target) {
        return switch (target) {
            case Target.Accept accept -> "accept";
            case Target.Refuse refuse -> "goto " + refusal;
            case Target.Goto(String chain) -> "goto " + chain;
        };
    }
}
