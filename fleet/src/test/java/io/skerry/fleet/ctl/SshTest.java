package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
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
@Timeout(300)
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
            // A server may take the end of what it is sent for the end of the conversation.
            assertThat(CtlProcess.answer(request, List.of("fd-forward", socket.toString())))
                    .startsWith("HTTP/1.1 200")
                    .contains("127.0.0.1");
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
        var all = new ArrayList<>(List.of("--ssh-username=" + RealSshd.user()));
        all.addAll(flags);
        if (flags.stream().noneMatch(flag -> flag.startsWith("--known-hosts-file"))) {
            all.add("--known-hosts-file=" + sshd.knownHosts());
        }
        all.addAll(Arrays.asList(words));
        return CtlProcess.run("input", all, Map.of("PATH", sshd.client() + ":/usr/bin:/bin"));
    }
}
