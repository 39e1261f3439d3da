package io.skerry.etcd.server.auth;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys made of many ranges, merged to the fewest disjoint intervals in key order, so that
 * a question costs one binary search however many permissions there are.
 *
 * <p>Invariant: each interval ends before the next begins, with at least one key between them that
 * is not contained.
 */
final class PermittedKeys {
    private static final Comparator<ByteString> ORDER =
            ByteString.unsignedLexicographicalComparator();
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    private final List<Interval> intervals;

    /**
     * Keys from {@code from} on and before {@code to}.
     *
     * @param to null for no bound
     */
    private record Interval(ByteString from, @Nullable ByteString to) {
        static Interval of(ByteString key, ByteString rangeEnd) {
            if (rangeEnd.isEmpty()) {
                return new Interval(key, key.concat(ZERO));
            }
            return new Interval(key, Permission.unbounded(rangeEnd) ? null : rangeEnd);
        }

        boolean empty() {
            return to != null && ORDER.compare(from, to) >= 0;
        }

        boolean reaches(ByteString key) {
            return to == null || ORDER.compare(to, key) >= 0;
        }

        boolean contains(Interval other) {
            return ORDER.compare(from, other.from) <= 0
                    && (to == null || (other.to != null && ORDER.compare(other.to, to) <= 0));
        }

        Interval joined(Interval next) {
            boolean nextEndsLater =
                    to != null && (next.to == null || ORDER.compare(next.to, to) > 0);
            return nextEndsLater ? new Interval(from, next.to) : this;
        }
    }

    private PermittedKeys(List<Interval> intervals) {
        this.intervals = intervals;
    }

    /** The keys of all these permissions that include the access. */
    static PermittedKeys of(List<Permission> permissions, Access access) {
        var sorted =
                permissions.stream()
                        .filter(permission -> permission.access().includes(access))
                        .map(permission -> Interval.of(permission.key(), permission.rangeEnd()))
                        .filter(interval -> !interval.empty())
                        .sorted(Comparator.comparing(Interval::from, ORDER))
                        .toList();
        var merged = new ArrayList<Interval>();
        for (var interval : sorted) {
            var last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && last.reaches(interval.from)) {
                merged.set(merged.size() - 1, last.joined(interval));
            } else {
                merged.add(interval);
            }
        }
        return new PermittedKeys(List.copyOf(merged));
    }

    /** Whether every key that the request names is contained; what names no key never is. */
    boolean contains(ByteString key, ByteString rangeEnd) {
        var wanted = Interval.of(key, rangeEnd);
        int at = lastNotAfter(key);
        return at >= 0 && !wanted.empty() && intervals.get(at).contains(wanted);
    }

    /** Index of the last interval that begins at or before the key; -1 if all begin later. */
    private int lastNotAfter(ByteString key) {
        int low = 0;
        int high = intervals.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (ORDER.compare(intervals.get(middle).from, key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
