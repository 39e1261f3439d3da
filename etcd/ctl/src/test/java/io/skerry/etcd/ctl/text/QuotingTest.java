package io.skerry.etcd.ctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.ctl.failure.CtlFailure;
import org.junit.jupiter.api.Test;

/** Bytes as Go's tools write and read them. */
class QuotingTest {
    @Test
    void printableTextStaysAndAllElseIsEscaped() {
        assertThat(Quoting.quote("plain it's")).isEqualTo("\"plain it's\"");
        assertThat(Quoting.quote("a\"b\\c\n\t\u0000")).isEqualTo("\"a\\\"b\\\\c\\n\\t\\x00\"");
        assertThat(Quoting.quote("\u00ff")).isEqualTo("\"\\xff\"");
        assertThat(ByteText.toText(Quoting.quote(ByteText.ofText("grün")))).isEqualTo("\"grün\"");
        assertThat(Quoting.quote(ByteText.ofText("\u200b"))).isEqualTo("\"\\u200b\"");
    }

    @Test
    void whatIsQuotedIsReadBackByteForByte() {
        var all = new StringBuilder();
        for (char b = 0; b < 256; b++) {
            all.append(b);
        }
        var read = Quoting.unquote(Quoting.quote(all.toString()) + "rest", 0).orElseThrow();
        assertThat(read.value()).isEqualTo(all.toString());
    }

    @Test
    void escapesOfEveryKindAreRead() {
        var read = Quoting.unquote("\"\\x41\\101\\u00e9\\a\\v\" after", 0).orElseThrow();
        assertThat(read.value()).isEqualTo("AA" + ByteText.ofText("é") + "\u0007\u000b");
        assertThat(read.end()).isEqualTo("\"\\x41\\101\\u00e9\\a\\v\"".length());
    }

    @Test
    void brokenStringsAreNone() {
        assertThat(Quoting.unquote("\"no end", 0)).isEmpty();
        assertThat(Quoting.unquote("no start", 0)).isEmpty();
        assertThat(Quoting.unquote("\"\\q\"", 0)).isEmpty();
        assertThat(Quoting.unquote("\"\\x4\"", 0)).isEmpty();
        assertThat(Quoting.unquote("\"\\", 0)).isEmpty();
    }

    @Test
    void hexShowsEveryByte() {
        assertThat(ByteText.hex("a\u00ff\u0000")).isEqualTo("\\x61\\xff\\x00");
        assertThat(ByteText.prefixEnd("a\u00ff")).isEqualTo("b");
        assertThat(ByteText.prefixEnd("\u00ff\u00ff")).isEqualTo("\0");
        assertThat(ByteText.prefixEnd("")).isEqualTo("\0");
    }

    @Test
    void wordsOfALineMayBeQuotedEitherWay() throws Exception {
        assertThat(LineWords.split("put key \"two words\\n\" 'as \\n is' --lease=1"))
                .containsExactly("put", "key", "two words\n", "as \\n is", "--lease=1");
        assertThat(LineWords.split("   ")).isEmpty();
        assertThatThrownBy(() -> LineWords.split("put \"\\q\""))
                .isInstanceOf(CtlFailure.class)
                .hasMessage("bad quoted string: \"\\q\"");
    }
}
