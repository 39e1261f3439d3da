package io.skerry.etcd.ctl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.skerry.etcd.ctl.failure.CtlFailure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines that transactions and watches read. */
class LineGrammarTest {
    @Test
    void comparisonsHaveATargetAKeyAnOperatorAndAValue() throws Exception {
        var mod = CompareLine.parse("mod(\"a b\") > \"12\"");
        assertThat(mod.getTarget()).isEqualTo(CompareTarget.MOD);
        assertThat(mod.getKey().toStringUtf8()).isEqualTo("a b");
        assertThat(mod.getResult()).isEqualTo(CompareResult.GREATER);
        assertThat(mod.getModRevision()).isEqualTo(12);
        assertThat(CompareLine.parse("create(\"k\") = \"0\"").getTarget())
                .isEqualTo(CompareTarget.CREATE);
        assertThat(CompareLine.parse("ver(\"k\") < \"3\"").getVersion()).isEqualTo(3);
        assertThat(CompareLine.parse("val(\"k\") != \"x\\x00\"").getValue().toStringUtf8())
                .isEqualTo("x\0");
        assertThat(CompareLine.parse("lease(\"k\") = \"ff\"").getTargetValue()).isEqualTo(4);
    }

    @Test
    void brokenComparisonsAreRefused() {
        refused("malformed comparison: mod", "mod");
        refused("invalid txn compare request: mod(\"a\") = \"x\"", "mod(\"a\") = \"x\"");
        refused(
                "malformed comparison: foo(\"a\") = \"1\" (unknown target foo)",
                "foo(\"a\") = \"1\"");
        assertThatThrownBy(() -> CompareLine.parse("mod(\"a\") >= \"1\""))
                .hasMessageContaining("operator >= is none of =, !=, > and <");
        assertThatThrownBy(() -> CompareLine.parse("mod(a) = \"1\""))
                .hasMessageContaining("malformed comparison: mod(a) = \"1\"");
        assertThatThrownBy(() -> CompareLine.parse("mod(\"a\") = 1"))
                .hasMessageContaining("malformed comparison");
    }

    private static void refused(String message, String line) {
        assertThatThrownBy(() -> CompareLine.parse(line))
                .isInstanceOf(CtlFailure.class)
                .hasMessage(message);
    }

    @Test
    void partsOfATransactionEndWithAnEmptyLine() throws Exception {
        var lines =
                new InputLines(
                        new ByteArrayInputStream(
                                " one \ntwo\n\n\nthree".getBytes(StandardCharsets.UTF_8)));
        assertThat(lines.paragraph()).containsExactly("one", "two");
        assertThat(lines.paragraph()).isEmpty();
        assertThatThrownBy(lines::paragraph).isInstanceOf(CtlFailure.class).hasMessage("EOF");
    }

    @Test
    void watchesNameAKeyOrRangeAndAProgram() throws Exception {
        var watch =
                WatchArguments.parse(
                        List.of("--prefix", "--rev=7", "app/", "--", "echo", "--prefix"), Map.of());
        assertThat(watch.request().getKey().toStringUtf8()).isEqualTo("app/");
        assertThat(watch.request().getRangeEnd().toStringUtf8()).isEqualTo("app0");
        assertThat(watch.request().getStartRevision()).isEqualTo(7);
        assertThat(watch.program()).containsExactly("echo", "--prefix");
        var range = WatchArguments.parse(List.of("a", "c", "--prev-kv"), Map.of());
        assertThat(range.request().getRangeEnd().toStringUtf8()).isEqualTo("c");
        assertThat(range.request().getPrevKv()).isTrue();
        assertThat(range.program()).isEmpty();
    }

    @Test
    void watchesTakeTheirKeyFromTheEnvironment() throws Exception {
        var environment = Map.of("ETCDCTL_WATCH_KEY", "a", "ETCDCTL_WATCH_RANGE_END", "b");
        var watch = WatchArguments.parse(List.of("--", "true"), environment);
        assertThat(watch.request().getKey().toStringUtf8()).isEqualTo("a");
        assertThat(watch.request().getRangeEnd().toStringUtf8()).isEqualTo("b");
        assertThat(watch.program()).containsExactly("true");
        badWatch("found conflicting environment key", List.of("k"), environment);
        badWatch("is empty but got", List.of("k"), Map.of("ETCDCTL_WATCH_RANGE_END", "b"));
        badWatch("found separator --, but no commands", List.of("k", "--"), Map.of());
        badWatch("bad number of arguments", List.of(), Map.of());
        badWatch("mutually exclusive", List.of("a", "b", "--prefix"), Map.of());
    }

    private static void badWatch(
            String message, List<String> line, Map<String, String> environment) {
        assertThatThrownBy(() -> WatchArguments.parse(line, environment))
                .isInstanceOf(CtlFailure.class)
                .hasMessageContaining(message);
    }
}
