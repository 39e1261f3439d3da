package io.skerry.flannel.filter;

import io.skerry.flannel.address.AddressRange;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Ip;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** Cuts addresses into ranges whose addresses are alike: the same sets have them. */
final class Partition {
    private static final Comparator<Border> BY_PLACE = Comparator.comparing(Border::at);

    /** Addresses that the sets of those numbers have, and no others. */
    record Span(AddressRange range, BitSet sets) {}

    /** Where a set begins or has ended. */
    private record Border(Ip at, int set) {}

    private Partition() {}

    /**
     * Cuts.
     *
     * @param addresses what is cut, all of one family
     * @param which of the sets count
     */
    static List<Span> of(AddressSet addresses, List<AddressSet> sets, BitSet which) {
        var spans = new ArrayList<Span>();
        addresses.ranges().forEach(range -> cut(range, sets, which, spans));
        return spans;
    }

    private static void cut(
            AddressRange whole, List<AddressSet> sets, BitSet which, List<Span> spans) {
        var borders = new ArrayList<Border>();
        for (int i = which.nextSetBit(0); i >= 0; i = which.nextSetBit(i + 1)) {
            for (AddressRange part : sets.get(i).ranges(whole)) {
                borders.add(new Border(part.first(), i));
                if (!part.last().equals(whole.last())) {
                    borders.add(new Border(part.last().next(), i));
                }
            }
        }
        borders.sort(BY_PLACE);
        var current = new BitSet();
        Ip start = whole.first();
        for (Border border : borders) {
            if (!border.at().equals(start)) {
                spans.add(span(start, border.at().previous(), current));
                start = border.at();
            }
            current.flip(border.set());
        }
        spans.add(span(start, whole.last(), current));
    }

    private static Span span(Ip first, Ip last, BitSet sets) {
        return new Span(new AddressRange(first, last), (BitSet) sets.clone());
    }
}
