package io.skerry.etcd.server.store;

import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeRequest.SortOrder;
import io.etcd.jetcd.api.RangeRequest.SortTarget;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.KeyVersion;
import io.skerry.etcd.server.mvcc.ReadView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What a range request finds.
 *
 * @param rows the keys found, filtered, sorted and cut to the limit
 * @param count how many keys the range holds, whatever the limit and the filters say
 * @param more whether the limit cut something off
 */
public record RangeAnswer(List<KeyVersion> rows, long count, boolean more) {

    /**
     * Reads a range.
     *
     * @throws RefusedException if the revision asked for is compacted or not yet there
     */
    public static RangeAnswer read(ReadView view, RangeRequest request) throws RefusedException {
        long revision = request.getRevision();
        if (revision > view.revision()) {
            throw new RefusedException(Refusal.FUTURE_REVISION);
        }
        if (revision > 0 && revision < view.compactRevision()) {
            throw new RefusedException(Refusal.COMPACTED);
        }
        var range = KeyRange.of(request.getKey(), request.getRangeEnd());
        boolean present = revision <= 0 || revision == view.revision();
        if (request.getCountOnly()) {
            long count = present ? view.count(range) : view.at(range, revision).size();
            return new RangeAnswer(List.of(), count, false);
        }
        if (present && inKeyOrder(request) && !filtered(request)) {
            return presentInKeyOrder(view, range, request);
        }
        var rows = new ArrayList<KeyVersion>();
        if (present) {
            view.scan(range, false, rows::add);
        } else {
            rows.addAll(view.at(range, revision));
        }
        long count = rows.size();
        if (filtered(request)) {
            rows.removeIf(row -> !passes(row, request));
        }
        sort(rows, request);
        long limit = request.getLimit();
        boolean more = limit > 0 && rows.size() > limit;
        return new RangeAnswer(more ? rows.subList(0, (int) limit) : rows, count, more);
    }

    /** Reads no more rows than are wanted and counts the rest by rank. */
    private static RangeAnswer presentInKeyOrder(
            ReadView view, KeyRange range, RangeRequest request) {
        long limit = request.getLimit() > 0 ? request.getLimit() : Long.MAX_VALUE;
        var rows = new ArrayList<KeyVersion>();
        boolean descending = request.getSortOrder() == SortOrder.DESCEND;
        view.scan(
                range,
                descending,
                row -> {
                    rows.add(row);
                    return rows.size() < limit;
                });
        long count = rows.size() < limit ? rows.size() : view.count(range);
        return new RangeAnswer(rows, count, count > rows.size());
    }

    private static boolean inKeyOrder(RangeRequest request) {
        return request.getSortTarget() == SortTarget.KEY;
    }

    private static boolean filtered(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private static boolean passes(KeyVersion row, RangeRequest request) {
        return within(row.modRevision(), request.getMinModRevision(), request.getMaxModRevision())
                && within(
                        row.createRevision(),
                        request.getMinCreateRevision(),
                        request.getMaxCreateRevision());
    }

    private static boolean within(long revision, long min, long max) {
        return (min == 0 || revision >= min) && (max == 0 || revision <= max);
    }

    /** Rows come by key; another target without an order sorts ascending. */
    private static void sort(List<KeyVersion> rows, RangeRequest request) {
        boolean descending = request.getSortOrder() == SortOrder.DESCEND;
        if (inKeyOrder(request) && !descending) {
            return;
        }
        Comparator<KeyVersion> order =
                switch (request.getSortTarget()) {
                    case KEY, UNRECOGNIZED -> (a, b) -> Arrays.compareUnsigned(a.key(), b.key());
                    case VERSION -> Comparator.comparingLong(KeyVersion::version);
                    case CREATE -> Comparator.comparingLong(KeyVersion::createRevision);
                    case MOD -> Comparator.comparingLong(KeyVersion::modRevision);
                    case VALUE -> KeyVersion::compareValue;
                };
        rows.sort(descending ? order.reversed() : order);
    }
}
