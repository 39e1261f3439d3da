package io.skerry.etcd.ctl.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.ctl.failure.CtlFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlagSetTest {
    private static final FlagSet FLAGS =
            new FlagSet(
                    List.of(
                            Flag.text("write-out", "simple", "").letter('w'),
                            Flag.on("prefix", ""),
                            Flag.on("interactive", "").letter('i'),
                            Flag.number("rev", 0, ""),
                            Flag.duration("command-timeout", "5s", "")));

    private static Given parse(String... line) throws CtlFailure {
        return FLAGS.parse(List.of(line));
    }

    @Test
    void flagsAndWordsMayBeMixed() throws Exception {
        var given = parse("a", "--prefix", "-w", "json", "b", "--rev=0x10", "--command-timeout=1m");
        assertThat(given.words()).containsExactly("a", "b");
        assertThat(given.on("prefix")).isTrue();
        assertThat(given.text("write-out")).isEqualTo("json");
        assertThat(given.number("rev")).isEqualTo(16);
        assertThat(given.duration("command-timeout")).isEqualTo(Duration.ofMinutes(1));
        assertThat(given.has("interactive")).isFalse();
    }

    @Test
    void lettersMayBeJoinedAndCarryAValue() throws Exception {
        var given = parse("-iwfields");
        assertThat(given.on("interactive")).isTrue();
        assertThat(given.text("write-out")).isEqualTo("fields");
        assertThat(parse("-w=table").text("write-out")).isEqualTo("table");
        assertThat(parse("-i=false").on("interactive")).isFalse();
    }

    @Test
    void whatFollowsTwoDashesAreWords() throws Exception {
        assertThat(parse("put", "--", "--prefix", "-w").words())
                .containsExactly("put", "--prefix", "-w");
        assertThat(parse("-").words()).containsExactly("-");
    }

    @Test
    void switchesTakeNoWordOfTheirOwn() throws Exception {
        assertThat(parse("--prefix", "false").words()).containsExactly("false");
        assertThat(parse("--prefix=F").on("prefix")).isFalse();
    }

    @Test
    void wrongFlagsAreRefusedWithTheNearestOrTheReason() {
        refused("unknown flag: --prefx; did you mean --prefix?", "--prefx");
        refused("unknown shorthand flag: 'z' in -iz", "-iz");
        refused("flag needs an argument: --rev", "--rev");
        refused("flag needs an argument: 'w' in -w", "-w");
        refused(
                "invalid argument \"x\" for \"--rev\" flag: strconv.ParseInt: parsing \"x\":"
                        + " invalid syntax",
                "--rev=x");
        refused(
                "invalid argument \"maybe\" for \"--prefix\" flag: strconv.ParseBool: parsing"
                        + " \"maybe\": invalid syntax",
                "--prefix=maybe");
        refused(
                "invalid argument \"5\" for \"--command-timeout\" flag: \"5\" is no duration such"
                        + " as 5s, 1m30s or 500ms",
                "--command-timeout",
                "5");
    }

    private static void refused(String message, String... line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(CtlFailure.class).hasMessage(message);
    }
}
