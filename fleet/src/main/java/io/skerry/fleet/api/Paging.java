package io.skerry.fleet.api;

import io.skerry.base.http.HttpError;
import io.skerry.fleet.api.schema.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts a sorted list into pages. A token holds the key after which the next page begins, not a
 * number of a page: so it never overflows, and what is added or removed between two requests
 * neither repeats nor hides an entry.
 *
 * @param pageSize entries on one page
 */
record Paging(int pageSize) {
    private static final String MARK = "after:";

    /**
     * The page that a token names, the first one for an empty token.
     *
     * @param sorted ascending by key, in the natural order of strings
     */
    <T> Page<T> page(List<T> sorted, Function<T, String> key, String token) throws HttpError {
        int from = 0;
        if (!token.isEmpty()) {
            String last = decode(token);
            while (from < sorted.size() && key.apply(sorted.get(from)).compareTo(last) <= 0) {
                from++;
            }
        }
        int to = Math.min(from + pageSize, sorted.size());
        var items = sorted.subList(from, to);
        String next = to < sorted.size() ? encode(key.apply(items.getLast())) : "";
        return new Page<>(items, next);
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((MARK + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) throws HttpError {
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(MARK)) {
                return text.substring(MARK.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below: it was never one of ours
        }
        throw new HttpError(
                400, "invalid value for nextPageToken; use the one of the page before, as it was");
    }
}
