package io.skerry.flannel.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Addresses of both families.
 *
 * @param ranges in their order, none touching the next
 */
public record AddressSet(List<AddressRange> ranges) {
    public static final AddressSet NONE = new AddressSet(List.of());
    public static final AddressSet ALL =
            new AddressSet(Arrays.stream(Family.values()).map(AddressSet::whole).toList());

    /** Sorts and joins what it is given. */
    public AddressSet {
        ranges = joined(ranges);
    }

    private static AddressRange whole(Family family) {
        return new AddressRange(family.first(), family.last());
    }

    public static AddressSet of(Collection<Cidr> networks) {
        return new AddressSet(networks.stream().map(AddressRange::of).toList());
    }

    public static AddressSet of(Cidr... networks) {
        return of(List.of(networks));
    }

    private static List<AddressRange> joined(List<AddressRange> ranges) {
        if (ranges.size() < 2) {
            return List.copyOf(ranges);
        }
        var sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(AddressRange::first));
        var joined = new ArrayList<AddressRange>();
        AddressRange current = sorted.getFirst();
        for (AddressRange range : sorted.subList(1, sorted.size())) {
            if (touch(current, range)) {
                Ip last =
                        range.last().compareTo(current.last()) > 0 ? range.last() : current.last();
                current = new AddressRange(current.first(), last);
            } else {
                joined.add(current);
                current = range;
            }
        }
        joined.add(current);
        return List.copyOf(joined);
    }

    private static boolean touch(AddressRange one, AddressRange later) {
        return one.family() == later.family()
                && (one.last().equals(one.family().last())
                        || one.last().next().compareTo(later.first()) >= 0);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public boolean contains(Ip address) {
        int index = firstEndingAtOrAfter(address);
        return index < ranges.size() && ranges.get(index).contains(address);
    }

    private int firstEndingAtOrAfter(Ip address) {
        int from = 0;
        int to = ranges.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ranges.get(middle).last().compareTo(address) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** What of a range is among these addresses. */
    public List<AddressRange> ranges(AddressRange of) {
        var among = new ArrayList<AddressRange>();
        for (int i = firstEndingAtOrAfter(of.first()); i < ranges.size(); i++) {
            var common = ranges.get(i).and(of);
            if (common.isEmpty()) {
                break;
            }
            among.add(common.get());
        }
        return among;
    }

    /** Those of one family. */
    public AddressSet of(Family family) {
        return new AddressSet(ranges.stream().filter(range -> range.family() == family).toList());
    }

    public AddressSet plus(AddressSet other) {
        var all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return new AddressSet(all);
    }

    /** Those of this one that are not of the other. */
    public AddressSet minus(AddressSet other) {
        var left = new ArrayList<AddressRange>();
        for (AddressRange range : ranges) {
            subtract(range, other.ranges, left);
        }
        return new AddressSet(left);
    }

    private static void subtract(
            AddressRange range, List<AddressRange> taken, List<AddressRange> left) {
        Ip from = range.first();
        for (AddressRange hole : taken) {
            if (hole.last().compareTo(from) < 0) {
                continue;
            }
            if (hole.first().compareTo(range.last()) > 0) {
                break;
            }
            if (hole.first().compareTo(from) > 0) {
                left.add(new AddressRange(from, hole.first().previous()));
            }
            if (hole.last().compareTo(range.last()) >= 0) {
                return;
            }
            from = hole.last().next();
        }
        left.add(new AddressRange(from, range.last()));
    }
}
