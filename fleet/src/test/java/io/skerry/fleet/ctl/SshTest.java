package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts and APIs behind a real sshd. */
@Timeout(900)
class SshTest {
    @TempDir private Path directory = Path.of("");

    private ServedApi served;
    private RealSshd sshd;

    @BeforeEach
    void serve() throws Exception {
        served = new ServedApi();
        Events.happen(served.registry(), "machine " + ServedApi.FIRST + " 127.0.0.1");
        sshd = RealSshd.start(directory);
    }

    @AfterEach
    void close() {
        sshd.close();
        served.close();
    }

    @Test
    void commandRunsOnTheMachineThatIsMeant() throws Exception {
        Events.happen(served.registry(), "unit web.service launched");
        Events.happen(served.registry(), "place web.service " + ServedApi.FIRST);
        List<String> endpoint = List.of("--endpoint=" + served.url(ServedApi.FIRST));

        assertThat(ctl(endpoint, "ssh", "1111", "echo", "-n", "here"))
                .isEqualTo(new CtlProcess.Said(0, "here", ""));
        assertThat(ctl(endpoint, "ssh", "--unit", "web", "cat").out()).isEqualTo("input");
        assertThat(ctl(endpoint, "ssh", "web.service", "exit 3").status()).isEqualTo(3);
        assertThat(ctl(endpoint, "ssh", "nobody", "true").err())
                .isEqualTo("There is neither a machine nobody nor a unit nobody.service\n");
    }

    @Test
    void machineIsReachedThroughTheTunnelAsTheApiIs() throws Exception {
        List<String> through =
                List.of(
                        "--tunnel=127.0.0.1:" + sshd.port(),
                        "--endpoint=" + served.url(ServedApi.FIRST));

        assertThat(ctl(through, "ssh", "--machine=1111", "echo", "$SSH_CONNECTION").out())
                .startsWith("127.0.0.1 ");
    }

    @Test
    void tunnelLeadsToTheSocketOfTheFarHost() throws Exception {
        Path socket = directory.resolve("api.sock");
        try (var network = Network.start(1);
                var _ =
                        HttpListener.start(
                                network,
                                new ListenUrl.Unix(socket),
                                HttpListener.Options.of(null, served.router(ServedApi.FIRST)))) {
            var through =
                    List.of("--tunnel=127.0.0.1:" + sshd.port(), "--endpoint=unix://" + socket);

            assertThat(ctl(through, "list-machines", "--no-legend").out())
                    .matches("11111111... +127.0.0.1 +-\n");

            var request = "GET /fleet/v1/machines HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            var forward = List.of("fd-forward", socket.toString());
            // Its input ends with the request.
            assertThat(CtlProcess.run(request, forward, Map.of()).out())
                    .startsWith("HTTP/1.1 200")
                    .contains("127.0.0.1");
        }
    }

    @Test
    void certificateBehindTheTunnelIsCheckedForTheNameThatTheEndpointHas() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "test");
        authority
                .issue(CertificateUse.SERVER, "server", List.of("127.0.0.1"))
                .writeTo(directory, "server");
        authority.issue(CertificateUse.CLIENT, "me", List.of()).writeTo(directory, "me");
        Path ca = directory.resolve("ca/ca.crt");
        var identity =
                new TlsFiles(
                        directory.resolve("server.crt"), directory.resolve("server.key"), ca, true);
        var options = HttpListener.Options.of(identity, served.router(ServedApi.FIRST));
        try (var network = Network.start(1);
                var named = HttpListener.start(network, https("127.0.0.1"), options);
                var other = HttpListener.start(network, https("127.0.0.2"), options)) {
            var flags =
                    List.of(
                            "--tunnel=127.0.0.1:" + sshd.port(),
                            "--ca-file=" + ca,
                            "--cert-file=" + directory.resolve("me.crt"),
                            "--key-file=" + directory.resolve("me.key"));
            var right = new ArrayList<>(flags);
            right.add("--endpoint=https://127.0.0.1:" + named.port());
            assertThat(ctl(right, "list-machines", "--no-legend").out())
                    .matches("11111111... +127.0.0.1 +-\n");

            var wrong = new ArrayList<>(flags);
            wrong.add("--endpoint=https://127.0.0.2:" + other.port());
            var refused = ctl(wrong, "list-machines");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("https://127.0.0.2:", "TLS:");
        }
    }

    private static ListenUrl https(String host) {
        return new ListenUrl.Tcp(host, 0, true);
    }

    @Test
    void nothingIsLeftOfATunnelWhoseCommandIsInterrupted() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        var flags =
                flags(
                        List.of(
                                "--tunnel=127.0.0.1:" + sshd.port(),
                                "--endpoint=" + served.url(ServedApi.FIRST)),
                        "list-machines",
                        "--watch");
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        sshd.client() + ":/usr/bin:/bin",
                        "JAVA_TOOL_OPTIONS",
                        "-Djava.io.tmpdir=" + temporary);
        CtlProcess.interrupt(flags, environment, "11111111...");

        try (var left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.toString().contains("tunnel"))).isEmpty();
        }
    }

    @Test
    void hostThatIsNotKnownIsRefusedUnlessToldOtherwise() throws Exception {
        var endpoint = "--endpoint=" + served.url(ServedApi.FIRST);
        var tunnel = "--tunnel=127.0.0.1:" + sshd.port();
        Path empty = Files.createFile(directory.resolve("nobody_known"));

        // Nobody can be asked here, since there is no terminal.
        var refused =
                ctl(List.of(endpoint, tunnel, "--known-hosts-file=" + empty), "list-machines");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("Host key verification failed").contains("no tunnel");

        var taken =
                ctl(
                        List.of(
                                endpoint,
                                tunnel,
                                "--known-hosts-file=" + empty,
                                "--strict-host-key-checking=false"),
                        "list-machines");
        assertThat(taken.status()).as(taken.err()).isZero();
    }

    @Test
    void hostWhoseKeyHasChangedIsRefusedInAnyCase() throws Exception {
        var endpoint = "--endpoint=" + served.url(ServedApi.FIRST);
        var tunnel = "--tunnel=127.0.0.1:" + sshd.port();
        Path other = directory.resolve("other_key_known");
        Files.writeString(
                other,
                "[127.0.0.1]:"
                        + sshd.port()
                        + " "
                        + Files.readString(directory.resolve("client.pub")));

        var refused =
                ctl(
                        List.of(
                                endpoint,
                                tunnel,
                                "--known-hosts-file=" + other,
                                "--strict-host-key-checking=false"),
                        "list-machines");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("Host key verification failed").contains("no tunnel");
    }

    private CtlProcess.Said ctl(List<String> flags, String... words) throws Exception {
        return CtlProcess.run(
                "input", flags(flags, words), Map.of("PATH", sshd.client() + ":/usr/bin:/bin"));
    }

    private List<String> flags(List<String> flags, String... words) {
        var all =
                new ArrayList<>(
                        List.of(
                                "--ssh-username=" + RealSshd.user(),
                                "--ssh-timeout=60",
                                "--request-timeout=60"));
        all.addAll(flags);
        if (flags.stream().noneMatch(flag -> flag.startsWith("--known-hosts-file"))) {
            all.add("--known-hosts-file=" + sshd.knownHosts());
        }
        all.addAll(Arrays.asList(words));
        return all;
    }
}
