package io.skerry.etcd.ctl.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.FlagSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the store is and who asks, by flags and by variables. */
class SettingsTest {
    @TempDir Path directory;
    private final List<String> warnings = new ArrayList<>();

    private Settings settings(Map<String, String> environment, String... line) throws CtlFailure {
        var given = new FlagSet(GlobalFlags.ALL).parse(List.of(line));
        return Settings.of(
                GlobalFlags.withEnvironment(given, environment, warnings::add), new Passwords());
    }

    @Test
    void nothingGivenMeansClearTextToTheLocalMember() throws Exception {
        var settings = settings(Map.of());
        assertThat(settings.uris()).hasToString("[http://127.0.0.1:2379]");
        assertThat(settings.commandTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.user()).isEmpty();
        assertThat(settings.trust().verified()).isTrue();
    }

    @Test
    void everyFlagCanBeAVariableButNotBoth() throws Exception {
        var settings =
                settings(
                        Map.of(
                                "ETCDCTL_ENDPOINTS", "a:1, https://b:2",
                                "ETCDCTL_USER", "ada:secret:colon",
                                "ETCDCTL_COMMAND_TIMEOUT", "90s",
                                "ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "true",
                                "ETCDCTL_DIAL_TIMEOUT", ""));
        assertThat(settings.uris()).hasToString("[http://a:1, https://b:2]");
        assertThat(settings.user()).contains(new Settings.User("ada", "secret:colon"));
        assertThat(settings.commandTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.trust().verified()).isFalse();
        assertThatThrownBy(() -> settings(Map.of("ETCDCTL_ENDPOINTS", "a:1"), "--endpoints=b:2"))
                .hasMessage("both ETCDCTL_ENDPOINTS and --endpoints are given; unset one of them");
        assertThatThrownBy(() -> settings(Map.of("ETCDCTL_DIAL_TIMEOUT", "soon")))
                .hasMessageContaining("ETCDCTL_DIAL_TIMEOUT");
    }

    @Test
    void unknownVariablesAreWarnedOf() throws Exception {
        settings(Map.of("ETCDCTL_ENDPOINT", "a:1", "ETCDCTL_API", "3", "OTHER", "x"));
        assertThat(warnings)
                .containsExactly("unrecognized environment variable ETCDCTL_ENDPOINT=a:1");
    }

    @Test
    void anyTlsFileMeansTlsForEndpointsWithoutAScheme() throws Exception {
        String file = Files.writeString(directory.resolve("file.pem"), "").toString();
        assertThat(settings(Map.of(), "--cacert=" + file).uris())
                .hasToString("[https://127.0.0.1:2379]");
        assertThat(settings(Map.of("ETCDCTL_CERT", file, "ETCDCTL_KEY", file)).files()).isNotNull();
        assertThat(settings(Map.of(), "--insecure-transport=false").uris())
                .hasToString("[https://127.0.0.1:2379]");
        refused("--cert and --key must be given together", "--cert=" + file);
        refused("open /no/such: no such file or directory", "--cacert=/no/such");
        refused("empty string is passed to --key option", "--key=");
    }

    @Test
    void flagsThatHaveNoMeaningHereAreRefusedWithAWayOut() {
        refused("probed every 5.5 s", "--keepalive-time=1s");
        refused("is no HOST:PORT", "--endpoints=nowhere");
    }

    private void refused(String message, String... line) {
        assertThatThrownBy(() -> settings(Map.of(), line).uris())
                .isInstanceOf(CtlFailure.class)
                .hasMessageContaining(message);
    }
}
