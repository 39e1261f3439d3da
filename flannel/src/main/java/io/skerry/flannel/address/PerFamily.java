package io.skerry.flannel.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something of which there is one for IPv4, one for IPv6, or both.
 *
 * @param <T> what there is
 */
public record PerFamily<T>(Optional<T> ipv4, Optional<T> ipv6) {
    public PerFamily {
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            throw new IllegalArgumentException("there must be one of IPv4 or one of IPv6");
        }
    }

    /** One of that family only. */
    public static <T> PerFamily<T> only(Family family, T value) {
        return family == Family.IPV4
                ? new PerFamily<>(Optional.of(value), Optional.empty())
                : new PerFamily<>(Optional.empty(), Optional.of(value));
    }

    /** Those of a map, which must have one. */
    public static <T> PerFamily<T> of(Map<Family, ? extends T> byFamily) {
        return new PerFamily<>(
                Optional.ofNullable(byFamily.get(Family.IPV4)),
                Optional.ofNullable(byFamily.get(Family.IPV6)));
    }

    public Optional<T> get(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    /** That of IPv4 where there is one. */
    public T first() {
        return ipv4.or(() -> ipv6).orElseThrow();
    }

    /** That of IPv4 first. */
    public List<T> all() {
        var all = new ArrayList<T>();
        ipv4.ifPresent(all::add);
        ipv6.ifPresent(all::add);
        return List.copyOf(all);
    }

    /** Those of which there is one. */
    public List<Family> families() {
        var families = new ArrayList<Family>();
        ipv4.ifPresent(_ -> families.add(Family.IPV4));
        ipv6.ifPresent(_ -> families.add(Family.IPV6));
        return List.copyOf(families);
    }

    /** The parts with a comma between them. */
    @Override
    public String toString() {
        return String.join(",", all().stream().map(String::valueOf).toList());
    }
}
