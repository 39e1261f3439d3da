package io.skerry.chaos.history;

import java.util.List;

/**
 * What one stream of a watch told, in the order in which it came.
 *
 * @param watcher who watched; it resumes with a new stream where the last one ended
 * @param member the member that was asked
 * @param startRevision from which the stream was asked to tell
 */
public record WatchLog(
        int watcher, String member, String prefix, long startRevision, List<Response> responses) {
    public WatchLog {
        responses = List.copyOf(responses);
    }

    /**
     * One response.
     *
     * @param headerRevision of its header; without events: all up to there has been told
     */
    public record Response(long headerRevision, List<Event> events) {
        public Response {
            events = List.copyOf(events);
        }

        public boolean progress() {
            return events.isEmpty();
        }
    }
}
