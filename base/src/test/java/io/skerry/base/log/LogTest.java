package io.skerry.base.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogTest {
    private static final Log LOG = Log.of(LogTest.class);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void install() {
        LogSetup.install("info", out);
    }

    private String lines() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesOneLineAnEventWithItsPairs() {
        LOG.info("lease granted", "id", 7, "key", "a b", "note", "say \"hi\"\n", "none", null);
        assertThat(lines())
                .matches(
                        "time=\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z level=info logger=LogTest"
                                + " msg=\"lease granted\" id=7 key=\"a b\""
                                + " note=\"say \\\\\"hi\\\\\"\\\\n\" none=null\n");
    }

    @Test
    void levelsHideAndShow() {
        LOG.debug("hidden");
        assertThat(LOG.debugging()).isFalse();
        LogSetup.level("debug");
        LOG.debug("shown");
        assertThat(lines()).contains("msg=shown").doesNotContain("hidden");
        assertThatThrownBy(() -> LogSetup.level("loud")).hasMessageContaining("error, warn, info");
    }

    @Test
    void failuresAreWrittenWithTheirCauses() {
        var failure = new IllegalStateException("outer", new RuntimeException("inner"));
        LOG.warn("it failed", "id", 1, failure);
        assertThat(lines())
                .contains("cause=\"IllegalStateException: outer: RuntimeException: inner\"")
                .doesNotContain("\tat ");
        LOG.error("it failed", failure);
        assertThat(lines()).contains("\tat ");
    }

    @Test
    void librariesSpeakFromWarningOn() {
        var library = LoggerFactory.getLogger("org.example.Library");
        library.info("quiet");
        library.warn("loud {}", "enough");
        assertThat(lines())
                .contains("level=warn logger=Library msg=\"loud enough\"")
                .doesNotContain("quiet");
    }
}
