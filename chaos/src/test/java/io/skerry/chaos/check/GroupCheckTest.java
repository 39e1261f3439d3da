package io.skerry.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Outcome;
import io.skerry.chaos.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories made by hand; times are small numbers. */
class GroupCheckTest {
    private final List<Call> calls = new ArrayList<>();

    private static Map<String, String> state(String value) {
        return value.isEmpty() ? Map.of() : Map.of("k", value);
    }

    private void write(String value, long from, long to) {
        calls.add(
                new Call(
                        1,
                        "g",
                        new Request.Write(Map.of("k", Optional.of(value))),
                        to == Call.NEVER ? new Outcome.Unknown() : new Outcome.Written(from),
                        from,
                        to));
    }

    private void read(String value, long from, long to) {
        var seen = new Outcome.Seen(state(value), 0);
        calls.add(new Call(2, "g", new Request.Read(), seen, from, to));
    }

    private void swap(String expected, String value, Outcome outcome, long from, long to) {
        calls.add(
                new Call(
                        3,
                        "g",
                        new Request.Guarded(
                                Map.of("k", Optional.of(expected)),
                                Map.of("k", Optional.of(value))),
                        outcome,
                        from,
                        to));
    }

    @Test
    void overlappingCallsMayTakeEffectInAnyOrder() {
        write("a", 1, 10);
        write("b", 2, 9);
        read("a", 11, 12);
        read("a", 13, 14);

        assertThat(GroupCheck.of(calls)).isEmpty();
    }

    @Test
    void readThatMissesAnEarlierWriteIsFound() {
        write("a", 1, 2);
        write("b", 3, 4);
        read("b", 5, 6);
        read("a", 7, 8);

        assertThat(GroupCheck.of(calls))
                .singleElement()
                .satisfies(v -> assertThat(v.excerpt()).last().asString().contains("saw {k=a}"));
    }

    @Test
    void excerptEndsAtTheFirstCallThatCannotBeExplained() {
        write("a", 1, 2);
        read("", 3, 4);
        read("a", 5, 6);
        write("b", 7, 8);

        assertThat(GroupCheck.of(calls))
                .singleElement()
                .satisfies(v -> assertThat(v.excerpt()).hasSize(2));
    }

    @Test
    void lostUpdateIsFound() {
        write("a", 1, 2);
        swap("a", "b", new Outcome.Written(3), 3, 6);
        swap("a", "c", new Outcome.Written(4), 4, 7);

        assertThat(GroupCheck.of(calls)).hasSize(1);
    }

    @Test
    void writeThatIsCarriedOutTwiceIsFound() {
        write("a", 1, 2);
        write("b", 3, 4);
        read("b", 5, 6);
        read("a", 7, 8);
        read("b", 9, 10);

        assertThat(GroupCheck.of(calls)).hasSize(1);
    }

    @Test
    void unansweredWriteMayTakeEffectLateOrNever() {
        write("a", 1, 2);
        write("b", 3, Call.NEVER);
        write("c", 4, Call.NEVER);
        read("a", 5, 6);
        read("b", 7, 8);

        assertThat(GroupCheck.of(calls)).isEmpty();
    }

    @Test
    void unansweredWriteThatIsCarriedOutTwiceIsFound() {
        write("a", 1, Call.NEVER);
        read("a", 2, 3);
        write("b", 4, 5);
        read("a", 6, 7);

        assertThat(GroupCheck.of(calls)).hasSize(1);
    }

    @Test
    void refusalThatTheStateDoesNotExplainIsFound() {
        write("a", 1, 2);
        swap("a", "b", new Outcome.Refused(state("a"), 2), 3, 4);

        assertThat(GroupCheck.of(calls)).hasSize(1);
    }

    @Test
    void valueThatNobodyWroteIsFound() {
        read("x", 1, 2);

        assertThat(GroupCheck.of(calls)).hasSize(1);
    }

    @Test
    void longHistoriesOfARealRegisterAreExplained() {
        var random = new Random(7);
        String value = "";
        for (int i = 1; i < 2_000; i++) {
            // Each call takes effect at 10 i, and overlaps with some of its neighbours.
            long from = 10L * i - random.nextInt(30);
            long to = 10L * i + 1 + random.nextInt(30);
            if (random.nextInt(3) == 0) {
                value = "v" + i;
                write(value, from, random.nextInt(10) == 0 ? Call.NEVER : to);
            } else {
                read(value, from, to);
            }
        }

        assertThat(GroupCheck.of(calls)).isEmpty();
    }
}
