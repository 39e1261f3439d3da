package io.skerry.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.LeaseTrial;
import io.skerry.chaos.history.Outcome;
import io.skerry.chaos.history.Request;
import io.skerry.chaos.history.SetCall;
import io.skerry.chaos.history.WatchLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every promise, kept and broken, in histories made by hand. */
class OtherChecksTest {
    private static final List<Event> TRUTH =
            List.of(put(2, "a", "1"), put(3, "a", "2"), put(3, "b", "3"), put(5, "a", "4"));

    private static Event put(long revision, String key, String value) {
        return new Event(revision, key, Optional.of(value), revision);
    }

    private static Event delete(long revision, String key) {
        return new Event(revision, key, Optional.empty(), 0);
    }

    private static WatchLog.Response told(Event... events) {
        return new WatchLog.Response(9, List.of(events));
    }

    private static List<String> watched(long start, WatchLog.Response... responses) {
        var log = new WatchLog(0, "m0", "", start, List.of(responses));
        return WatchCheck.of(TRUTH, List.of(log)).stream().map(Violation::promise).toList();
    }

    @Test
    void watchThatTellsEverythingInOrderIsFine() {
        var progress = new WatchLog.Response(4, List.of());

        assertThat(watched(1, told(TRUTH.get(0)), told(TRUTH.get(1), TRUTH.get(2)), progress))
                .isEmpty();
        assertThat(watched(4, told(TRUTH.get(3)))).isEmpty();
    }

    @Test
    void gapInAWatchIsFound() {
        assertThat(watched(1, told(TRUTH.get(0)), told(TRUTH.get(3))))
                .containsExactly("reliable watch");
    }

    @Test
    void eventToldTwiceIsFound() {
        assertThat(watched(1, told(TRUTH.get(0)), told(TRUTH.get(0))))
                .containsExactly("unique watch");
    }

    @Test
    void eventsOutOfOrderAreFound() {
        assertThat(watched(1, told(TRUTH.get(1), TRUTH.get(2), TRUTH.get(0))))
                .containsExactly("ordered watch");
    }

    @Test
    void revisionInTwoResponsesIsFound() {
        assertThat(watched(3, told(TRUTH.get(1)), told(TRUTH.get(2))))
                .containsExactly("atomic watch");
    }

    @Test
    void eventFromBeforeTheStartIsFound() {
        assertThat(watched(3, told(TRUTH.get(0)))).containsExactly("resumable watch");
    }

    @Test
    void bookmarkAheadOfWhatWasToldIsFound() {
        assertThat(watched(1, new WatchLog.Response(3, List.of())))
                .containsExactly("bookmarkable watch");
    }

    @Test
    void eventThatTheStoreDoesNotHaveIsFound() {
        assertThat(watched(1, told(put(2, "a", "other")))).containsExactly("truthful watch");
    }

    private static Call call(Outcome outcome, long from, long to) {
        return new Call(
                1, "g", new Request.Write(Map.of("a", Optional.of("1"))), outcome, from, to);
    }

    @Test
    void revisionsThatGoBackOrAreGivenTwiceAreFound() {
        assertThat(
                        RevisionCheck.of(
                                List.of(
                                        call(new Outcome.Written(5), 1, 2),
                                        call(new Outcome.Written(6), 1, 4),
                                        call(new Outcome.Seen(Map.of(), 6), 5, 6))))
                .isEmpty();
        assertThat(
                        RevisionCheck.of(
                                List.of(
                                        call(new Outcome.Written(5), 1, 2),
                                        call(new Outcome.Seen(Map.of(), 4), 3, 4))))
                .hasSize(1);
        assertThat(
                        RevisionCheck.of(
                                List.of(
                                        call(new Outcome.Written(5), 1, 3),
                                        call(new Outcome.Written(5), 2, 4))))
                .hasSize(1);
    }

    @Test
    void acknowledgedWriteThatTheStoreLostIsFound() {
        assertThat(
                        HistoryCheck.of(
                                List.of(TRUTH.get(0)), List.of(call(new Outcome.Written(2), 1, 2))))
                .isEmpty();
        assertThat(HistoryCheck.of(List.of(), List.of(call(new Outcome.Written(2), 1, 2))))
                .hasSize(1);
    }

    @Test
    void writeThatTheStoreHasTwiceIsFound() {
        assertThat(
                        HistoryCheck.of(
                                List.of(put(2, "a", "1"), put(3, "a", "1")),
                                List.of(call(new Outcome.Unknown(), 1, Call.NEVER))))
                .hasSize(1);
    }

    @Test
    void elementThatIsLostOrSeenTooEarlyIsFound() {
        var add = new SetCall.Add("s", "x", 1, 2);
        var unknown = new SetCall.Add("s", "y", 1, Call.NEVER);

        assertThat(
                        SetCheck.of(
                                List.of(
                                        add,
                                        unknown,
                                        new SetCall.Read("s", Set.of("x"), 3, 4),
                                        new SetCall.Read("s", Set.of("x", "y"), 5, 6))))
                .isEmpty();
        assertThat(SetCheck.of(List.of(add, new SetCall.Read("s", Set.of(), 3, 4)))).hasSize(1);
        assertThat(SetCheck.of(List.of(new SetCall.Read("s", Set.of("x"), 3, 4)))).hasSize(1);
        assertThat(
                        SetCheck.of(
                                List.of(
                                        add,
                                        unknown,
                                        new SetCall.Read("s", Set.of("x"), 1, 4),
                                        new SetCall.Read("s", Set.of("y"), 1, 4))))
                .isNotEmpty();
    }

    private static LeaseTrial lease(long refused, long gone, long revoked) {
        return new LeaseTrial("k", 100, List.of(10L, 50L), refused, gone, revoked);
    }

    @Test
    void leaseThatEndsBeforeItsTimeIsFound() {
        assertThat(LeaseCheck.of(List.of(lease(Call.NEVER, 151, Call.NEVER)), true)).isEmpty();
        assertThat(LeaseCheck.of(List.of(lease(Call.NEVER, 90, 80)), true)).isEmpty();
        assertThat(LeaseCheck.of(List.of(lease(Call.NEVER, 149, Call.NEVER)), true)).hasSize(1);
        assertThat(LeaseCheck.of(List.of(lease(120, 200, Call.NEVER)), true)).hasSize(1);
    }

    @Test
    void leaseThatNeverEndsIsFound() {
        var alive = List.of(lease(Call.NEVER, Call.NEVER, Call.NEVER));

        assertThat(LeaseCheck.of(alive, true)).hasSize(1);
        assertThat(LeaseCheck.of(alive, false)).isEmpty();
    }

    @Test
    void writeUnderALockThatAnotherHoldsIsFound() {
        var first = put(2, "q/1", "");
        var second = put(3, "q/2", "");
        var released = delete(5, "q/1");

        assertThat(
                        LockCheck.of(
                                List.of(
                                        first,
                                        second,
                                        put(4, "fence", "2:x"),
                                        released,
                                        put(6, "fence", "3:y")),
                                "q/",
                                "fence"))
                .isEmpty();
        assertThat(LockCheck.of(List.of(first, second, put(4, "fence", "3:y")), "q/", "fence"))
                .hasSize(1);
        assertThat(LockCheck.of(List.of(first, released, put(6, "fence", "2:x")), "q/", "fence"))
                .hasSize(1);
    }
}
