package io.skerry.fleet.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetConfTest {
    @TempDir Path directory;

    @Test
    void emptyFileGivesTheOriginalsDefaults() throws Exception {
        FleetConf conf = file("# nothing\n\n; here\n");

        assertThat(conf.store().uris())
                .containsExactly(
                        URI.create("http://127.0.0.1:2379"), URI.create("http://127.0.0.1:4001"));
        assertThat(conf.keys().prefix()).isEqualTo("/_coreos.com/fleet/");
        assertThat(conf.agentTtl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(conf.engine()).isTrue();
        assertThat(conf.unitsDirectory()).isEqualTo(Path.of("/run/fleet/units"));
        assertThat(conf.pageSize()).isEqualTo(100);
        assertThat(conf.listen()).isEmpty();
        assertThat(conf.debug()).isFalse();
    }

    @Test
    void fileOfTheOriginalIsRead() throws Exception {
        FleetConf conf =
                file(
                        """
                        # of the original's sample
                        verbosity=1
                        etcd_servers=["http://192.0.2.12:4001", "http://192.0.2.13:4001"]
                        etcd_request_timeout=1.5
                        etcd_key_prefix=other/prefix
                        public_ip="127.0.0.1"
                        metadata="region=us-west,az=us-west-1"
                        agent_ttl=1m30s
                        engine_reconcile_interval=2
                        token_limit=50
                        disable_engine = true
                        disable_watches=false
                        units_directory=/run/other/units/
                        """);

        assertThat(conf.store().uris())
                .containsExactly(
                        URI.create("http://192.0.2.12:4001"), URI.create("http://192.0.2.13:4001"));
        assertThat(conf.store().requestTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(conf.keys().prefix()).isEqualTo("/other/prefix/");
        assertThat(conf.publicIp()).isEqualTo("127.0.0.1");
        assertThat(conf.metadata())
                .containsExactly(Map.entry("az", "us-west-1"), Map.entry("region", "us-west"));
        assertThat(conf.agentTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(conf.pageSize()).isEqualTo(50);
        assertThat(conf.engine()).isFalse();
        assertThat(conf.unitsDirectory()).isEqualTo(Path.of("/run/other/units"));
        assertThat(conf.debug()).isTrue();
    }

    @Test
    void environmentWinsOverTheFileAndFlagsOverBoth() throws Exception {
        Path file = write("public_ip=10.0.0.1\nagent_ttl=20s\ntoken_limit=10\n");
        var environment = Map.of("FLEET_PUBLIC_IP", "10.0.0.2", "FLEET_AGENT_TTL", "40s");
        var flags = Map.of("public_ip", "10.0.0.3");

        FleetConf conf = FleetConf.of(OptionValues.read(file, environment, flags));

        assertThat(conf.publicIp()).isEqualTo("10.0.0.3");
        assertThat(conf.agentTtl()).isEqualTo(Duration.ofSeconds(40));
        assertThat(conf.pageSize()).isEqualTo(10);
    }

    @Test
    void whatIsWrongIsToldWithItsPlaceAndWhatIsAllowed() throws IOException {
        refused("x\n", ":1: \"x\" is no option; write key=value");
        refused("\nagent_tl=3s\n", ":2: no option agent_tl; did you mean agent_ttl?");
        refused("agent_ttl=1s\n", ":1: agent_ttl is \"1s\" and must be a time like 30s");
        refused("public_ip=1\npublic_ip=2\n", ":2: public_ip is given twice");
        refused("token_limit=0\n", "token_limit is \"0\" and must be a number from 1 to 1000");
        refused("etcd_request_timeout=0\n", "must be a number from 0.1 to 60.0");
        refused("disable_engine=maybe\n", "must be true or false");
        refused("metadata=ssd\n", "metadata is \"ssd\" and must be key=value");
        refused("units_directory=run\n", "must be an absolute path");
        refused("etcd_servers=ftp://10.0.0.1:2379\n", "must begin with http://");
        refused("etcd_certfile=/c\n", "etcd_certfile and etcd_keyfile are only of use together");
        refused("etcd_username=me\n", "etcd_username needs etcd_password");
        refused("etcd_cafile=/ca\n", "https:// where there are certificates");
        refused("listen=https://10.0.0.1:49153\n", "listen_certfile, listen_keyfile and");
        refused("listen_certfile=/c\n", "only of use together");
        assertThatThrownBy(() ->
                        FleetConf.of(
                                OptionValues.read(directory.resolve("none"), Map.of(), Map.of())))
                .hasMessageContaining("does not exist");
    }

    @Test
    void optionsWithNothingToSetAreRefusedWithTheReason() throws Exception {
        refused(
                "engine_reconcile_interval=5\n",
                ":1: engine_reconcile_interval is \"5\" and must be 2: the engine acts on every");
        refused("disable_watches=true\n", "everything is driven by watches");
        assertThatThrownBy(() ->
                        OptionValues.read(write(""), Map.of("FLEET_ENABLE_GRPC", "true"), Map.of()))
                .hasMessageContaining("FLEET_ENABLE_GRPC")
                .hasMessageContaining("must be false");
        assertThatThrownBy(() ->
                        OptionValues.read(write(""), Map.of(), Map.of("systemd_user", "true")))
                .hasMessageContaining("--systemd_user");
    }

    @Test
    void passwordComesFromFileOrEnvironmentButNotAsAFlag() throws Exception {
        Path secret = directory.resolve("secret");
        Files.writeString(secret, "open sesame\nsecond line\n");

        FleetConf fromFile = file("etcd_username=me\netcd_password_file=" + secret + "\n");
        FleetConf given = file("etcd_username=me\netcd_password=hush\n");

        assertThat(fromFile.store().endpoints().user())
                .satisfies(user -> assertThat(user.password()).isEqualTo("open sesame"));
        assertThat(given.store().endpoints().user())
                .satisfies(user -> assertThat(user.password()).isEqualTo("hush"));
        assertThat(given.toString()).doesNotContain("hush");
        assertThatThrownBy(() ->
                        OptionValues.read(write(""), Map.of(), Map.of("etcd_password", "hush")))
                .hasMessageContaining("FLEET_ETCD_PASSWORD")
                .hasMessageNotContaining("hush");
    }

    @Test
    void apiOverTlsNeedsItsFiles() throws Exception {
        FleetConf conf =
                file(
                        """
                        listen=unix:///run/f.sock,https://10.0.0.1:49153
                        listen_certfile=/pki/server.crt
                        listen_keyfile=/pki/server.key
                        listen_cafile=/pki/ca.crt
                        """);

        assertThat(conf.listen())
                .containsExactly(
                        new ListenUrl.Unix(Path.of("/run/f.sock")),
                        new ListenUrl.Tcp("10.0.0.1", 49153, true));
        assertThat(conf.peerAddress()).contains(new ListenUrl.Tcp("10.0.0.1", 49153, true));
        assertThat(conf.listenTls())
                .satisfies(tls -> assertThat(tls.clientCertificateRequired()).isTrue());
    }

    @Test
    void certificateIsRequiredUnlessThereAreTokens() throws Exception {
        String https =
                """
                listen=https://10.0.0.1:49153
                listen_certfile=/pki/server.crt
                listen_keyfile=/pki/server.key
                listen_cafile=/pki/ca.crt
                tokens_file=%s
                """
                        .formatted(directory.resolve("tokens"));

        tokens("# nobody yet\n");
        assertThat(file(https).listenTls())
                .satisfies(tls -> assertThat(tls.clientCertificateRequired()).isTrue());

        tokens("ci operator 0123456789abcdef\n");
        assertThat(file(https).listenTls())
                .satisfies(tls -> assertThat(tls.clientCertificateRequired()).isFalse());
        assertThat(file(https).access().ofAnonymous()).isEmpty();
    }

    @Test
    void variablesThatAreNoOptionAreTold() {
        assertThat(
                        OptionValues.unknownVariables(
                                Map.of(
                                        "FLEET_AGENT_TLL", "3s",
                                        "FLEET_AGENT_TTL", "3s",
                                        "FLEET_ENABLE_GRPC", "false",
                                        "FLEETCTL_ENDPOINT", "x")))
                .containsExactly("FLEET_AGENT_TLL");
    }

    @Test
    void everyOptionStandsInTheDocumentation() throws IOException {
        String docs = Files.readString(Path.of("../docs/fleet.md"));

        for (FleetOption option : FleetOption.values()) {
            assertThat(docs).contains("\n" + option.row() + "\n");
        }
        for (RefusedOption option : RefusedOption.values()) {
            assertThat(docs).contains("\n" + option.row() + "\n");
        }
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("fleet.conf"), text);
    }

    private void tokens(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private FleetConf file(String text) throws Exception {
        return FleetConf.of(OptionValues.read(write(text), Map.of(), Map.of()));
    }

    private void refused(String text, String message) throws IOException {
        Path file = write(text);
        assertThatThrownBy(() -> FleetConf.of(OptionValues.read(file, Map.of(), Map.of())))
                .isInstanceOf(ConfException.class)
                .hasMessageContaining(message);
    }
}
