package io.skerry.chaos.check;

import io.skerry.chaos.history.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Whether a lock has one holder: who made the oldest of the keys that wait for it. Every write that
 * was made under the lock carries the revision at which its writer's key was made, so the store's
 * history shows whether that key was the oldest then.
 */
public final class LockCheck {
    private static final String PROMISE = "mutual exclusion";
    private static final int EXCERPT = 8;

    private LockCheck() {}

    /**
     * Writes of those who did not hold the lock.
     *
     * @param truth every event of the store in the order of revisions
     * @param waiting prefix of the keys of those who wait
     * @param fence the key that holders write, as {@code token:anything}
     */
    public static List<Violation> of(List<Event> truth, String waiting, String fence) {
        var violations = new ArrayList<Violation>();
        var queue = new TreeMap<Long, String>();
        long last = 0;
        var recent = new ArrayList<String>();
        for (Event event : truth) {
            boolean waits = event.key().startsWith(waiting);
            if (!waits && !event.key().equals(fence)) {
                continue;
            }
            recent.add(event.toString());
            if (waits) {
                queue.values().remove(event.key());
                if (event.value().isPresent()) {
                    queue.put(event.createRevision(), event.key());
                }
            } else if (event.value().isPresent()) {
                String value = event.value().get();
                long token = Long.parseLong(value.substring(0, value.indexOf(':')));
                boolean oldest = !queue.isEmpty() && queue.firstKey() == token;
                if (!oldest || token < last) {
                    violations.add(
                            new Violation(
                                    PROMISE,
                                    "a write with token "
                                            + token
                                            + " was made while the lock was held by "
                                            + (queue.isEmpty() ? "nobody" : queue.firstEntry()),
                                    recent.subList(
                                            Math.max(0, recent.size() - EXCERPT), recent.size())));
                }
                last = Math.max(last, token);
            }
        }
        return violations;
    }
}
