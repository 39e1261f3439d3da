package io.skerry.flannel.daemon;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.plan.Underlay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
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
 * @param publicIpv6 the same for IPv6
 */
public record InterfaceChoice(
        List<String> named,
        List<Pattern> expressions,
        Optional<Ip> canReach,
        Optional<Ip4> publicIp,
        Optional<Ip6> publicIpv6) {
    /** The interface of the default route. */
    public static final InterfaceChoice DEFAULT =
            new InterfaceChoice(
                    List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public InterfaceChoice {
        named = List.copyOf(named);
        expressions = List.copyOf(expressions);
    }

    /**
     * Chooses among those that are there now; the error says what was looked for.
     *
     * @param families of which the interface must have an address each
     * @return the interface as each of the families sees it
     */
    PerFamily<Underlay> choose(Kernel kernel, List<Family> families) throws IOException {
        var all = new ArrayList<Kernel.Interface>();
        for (Kernel.Interface candidate : kernel.interfaces()) {
            if (families.stream().allMatch(family -> hasAddress(candidate, family))) {
                all.add(candidate);
            }
        }
        for (String name : named) {
            var found = find(all, candidate -> fits(candidate, name));
            if (found.isPresent()) {
                return underlays(found.get(), families, name);
            }
        }
        for (Pattern expression : expressions) {
            var found = find(all, candidate -> matches(candidate, expression));
            if (found.isPresent()) {
                return underlays(found.get(), families, "");
            }
        }
        if (!named.isEmpty() || !expressions.isEmpty()) {
            throw new IOException(
                    "no interface with "
                            + words(families)
                            + " is "
                            + String.join(" or ", named)
                            + (named.isEmpty() || expressions.isEmpty() ? "" : " or matches ")
                            + String.join(
                                    " or ", expressions.stream().map(Pattern::pattern).toList())
                            + "; there are "
                            + names(all));
        }
        return canReach.isPresent()
                ? leadingTo(kernel, all, families)
                : ofDefaultRoute(kernel, all, families);
    }

    private static boolean hasAddress(Kernel.Interface candidate, Family family) {
        return candidate.addresses().stream().anyMatch(address -> address.family() == family);
    }

    private static String words(List<Family> families) {
        return "an address of "
                + String.join(" and one of ", families.stream().map(Family::toString).toList());
    }

    private PerFamily<Underlay> leadingTo(
            Kernel kernel, List<Kernel.Interface> all, List<Family> families) throws IOException {
        Ip target = canReach.orElseThrow();
        var way = kernel.wayTo(target);
        return way.flatMap(found ->
                        find(all, candidate -> candidate.index() == found.device())
                                .map(candidate ->
                                        underlays(
                                                candidate,
                                                families,
                                                found.source().map(Ip::toString).orElse(""))))
                .orElseThrow(() ->
                        new IOException(
                                "no interface with " + words(families) + " leads to " + target));
    }

    private PerFamily<Underlay> ofDefaultRoute(
            Kernel kernel, List<Kernel.Interface> all, List<Family> families) throws IOException {
        var device = kernel.defaultDevice(families.getFirst());
        return device.flatMap(index -> find(all, candidate -> candidate.index() == index))
                .map(found -> underlays(found, families, ""))
                .orElseThrow(() ->
                        new IOException(
                                "there is no default route over an interface with "
                                        + words(families)
                                        + "; name an interface, there are "
                                        + names(all)));
    }

    private interface Condition {
        boolean holds(Kernel.Interface candidate);
    }

    private static Optional<Kernel.Interface> find(
            List<Kernel.Interface> all, Condition condition) {
        return all.stream().filter(condition::holds).findFirst();
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

    private PerFamily<Underlay> underlays(
            Kernel.Interface found, List<Family> families, String wanted) {
        var underlays = new EnumMap<Family, Underlay>(Family.class);
        families.forEach(family -> underlays.put(family, underlay(found, family, wanted)));
        return PerFamily.of(underlays);
    }

    /** With the address that was asked for, or the first. */
    private Underlay underlay(Kernel.Interface found, Family family, String wanted) {
        List<Cidr> addresses =
                found.addresses().stream().filter(own -> own.family() == family).toList();
        Cidr address =
                addresses.stream()
                        .filter(own -> own.address().toString().equals(wanted))
                        .findFirst()
                        .orElse(addresses.getFirst());
        Optional<? extends Ip> told = family == Family.IPV4 ? publicIp : publicIpv6;
        return new Underlay(
                found.name(),
                found.index(),
                address,
                told.isPresent() ? told.get() : address.address(),
                found.mtu());
    }

    private static String names(List<Kernel.Interface> all) {
        return all.isEmpty()
                ? "none"
                : String.join(", ", all.stream().map(Kernel.Interface::name).toList());
    }
}
