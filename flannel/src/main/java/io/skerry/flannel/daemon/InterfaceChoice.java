package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.plan.Underlay;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which interface leads to the other hosts. The first that fits: those named, those whose name or
 * address matches an expression, the one that leads to an address, the one of the default route.
 *
 * @param named names or addresses, in the order of preference
 * @param expressions the same as regular expressions, which must match as a whole or in part
 * @param canReach an address that the interface must lead to
 * @param publicIp what other hosts are told; empty: the interface's address
 */
public record InterfaceChoice(
        List<String> named,
        List<Pattern> expressions,
        Optional<Ip4> canReach,
        Optional<Ip4> publicIp) {
    /** The interface of the default route. */
    public static final InterfaceChoice DEFAULT =
            new InterfaceChoice(List.of(), List.of(), Optional.empty(), Optional.empty());

    public InterfaceChoice {
        named = List.copyOf(named);
        expressions = List.copyOf(expressions);
    }

    /** Chooses among those that are there now; the error says what was looked for. */
    Underlay choose(Kernel kernel) throws IOException {
        List<Kernel.Interface> all = kernel.interfaces();
        for (String name : named) {
            var found = find(all, candidate -> fits(candidate, name));
            if (found.isPresent()) {
                return underlay(found.get(), name);
            }
        }
        for (Pattern expression : expressions) {
            var found = find(all, candidate -> matches(candidate, expression));
            if (found.isPresent()) {
                return underlay(found.get(), "");
            }
        }
        if (!named.isEmpty() || !expressions.isEmpty()) {
            throw new IOException(
                    "no interface with an IPv4 address is "
                            + String.join(" or ", named)
                            + (named.isEmpty() || expressions.isEmpty() ? "" : " or matches ")
                            + String.join(
                                    " or ", expressions.stream().map(Pattern::pattern).toList())
                            + "; there are "
                            + names(all));
        }
        return canReach.isPresent() ? leadingTo(kernel, all) : ofDefaultRoute(kernel, all);
    }

    private Underlay leadingTo(Kernel kernel, List<Kernel.Interface> all) throws IOException {
        Ip4 target = canReach.orElseThrow();
        var way = kernel.wayTo(target);
        return way.flatMap(found ->
                        find(all, candidate -> candidate.index() == found.device())
                                .map(candidate ->
                                        underlay(
                                                candidate,
                                                found.source().map(Ip4::toString).orElse(""))))
                .orElseThrow(() -> new IOException("no interface leads to " + target));
    }

    private Underlay ofDefaultRoute(Kernel kernel, List<Kernel.Interface> all) throws IOException {
        var device = kernel.defaultDevice();
        return device.flatMap(index -> find(all, candidate -> candidate.index() == index))
                .map(found -> underlay(found, ""))
                .orElseThrow(() ->
                        new IOException(
                                "there is no default route with an IPv4 address; name an"
                                        + " interface, there are "
                                        + names(all)));
    }

    private interface Condition {
        boolean holds(Kernel.Interface candidate);
    }

    private static Optional<Kernel.Interface> find(
            List<Kernel.Interface> all, Condition condition) {
        return all.stream()
                .filter(candidate -> !candidate.addresses().isEmpty())
                .filter(condition::holds)
                .findFirst();
    }

    private static boolean fits(Kernel.Interface candidate, String word) {
        return candidate.name().equals(word)
                || candidate.addresses().stream()
                        .anyMatch(address -> address.address().toString().equals(word));
    }

    private static boolean matches(Kernel.Interface candidate, Pattern expression) {
        return expression.matcher(candidate.name()).find()
                || candidate.addresses().stream()
                        .anyMatch(
                                address -> expression.matcher(address.address().toString()).find());
    }

    /** With the address that was asked for, or the first. */
    private Underlay underlay(Kernel.Interface found, String wanted) {
        Cidr4 address =
                found.addresses().stream()
                        .filter(own -> own.address().toString().equals(wanted))
                        .findFirst()
                        .orElse(found.addresses().getFirst());
        return new Underlay(
                found.name(),
                found.index(),
                address,
                publicIp.orElse(address.address()),
                found.mtu());
    }

    private static String names(List<Kernel.Interface> all) {
        return String.join(", ", all.stream().map(Kernel.Interface::name).toList());
    }
}
