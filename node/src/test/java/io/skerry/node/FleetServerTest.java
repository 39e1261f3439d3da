package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.FreePorts;
import io.skerry.fleet.conf.ConfException;
import io.skerry.fleet.conf.FleetConf;
import io.skerry.fleet.conf.OptionValues;
import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import io.skerry.node.cli.Main;
import io.skerry.node.training.PretendSystemd;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** fleet alone, over stores that are there already; only systemd is pretended. */
class FleetServerTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir Path directory;

    @Test
    void runsUnitsOverDebiansEtcd() throws Exception {
        runsUnitsAndReloads(List.of("/usr/bin/etcd"), _ -> {});
    }

    @Test
    void runsUnitsOverOurOwnStore() throws Exception {
        runsUnitsAndReloads(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "etcd"),
                this::showsThemInTheOriginalsLayout);
    }

    /** What fleetctl of the original reads with {@code --driver=etcd}. */
    private void showsThemInTheOriginalsLayout(int port) throws IOException {
        var store = new ListenUrl.Tcp("127.0.0.1", port, false);
        try (var http = BlockingHttp.reusing(store, null, TIMEOUT)) {
            String jobs = body(http, "/v2/keys/_coreos.com/fleet/job?recursive=true&sorted=true");
            assertThat(jobs)
                    .contains("\"key\":\"/_coreos.com/fleet/job/web.service/object\"")
                    .contains("\\\"UnitHash\\\":[")
                    .contains("job/web.service/target-state\",\"value\":\"launched\"")
                    .contains("job/web.service/job-state")
                    .doesNotContain("schedule");
            assertThat(body(http, "/v2/keys/_coreos.com/fleet/unit?quorum=true&recursive=true"))
                    .contains("\\\"Raw\\\":\\\"[Service]");
            assertThat(body(http, "/v2/keys/_coreos.com/fleet/machines?recursive=true"))
                    .contains("10.9.8.7");
            assertThat(body(http, "/v2/keys/_coreos.com/fleet/states?recursive=true"))
                    .contains("\\\"activeState\\\":\\\"active\\\"");
        }
    }

    private interface Look {
        void at(int port) throws IOException;
    }

    /**
     * @param look taken at the store while a unit runs
     */
    private void runsUnitsAndReloads(List<String> program, Look look) throws Exception {
        int port = FreePorts.next();
        Process store = store(program, port);
        var systemd = new PretendSystemd();
        try {
            conf(port, "first");
            try (var server = FleetServer.start(read(), this::read, "1.0", systemd, List.of())) {
                awaitReady();
                Path unit = directory.resolve("web.service");
                Files.writeString(unit, "[Service]\nExecStart=/bin/sleep 1000\n");

                assertThat(fleet("start", unit.toString())).contains("web.service launched on ");
                assertThat(fleet("list-machines")).contains("10.9.8.7").contains("stage=first");
                assertThat(systemd.loadedUnits()).containsKey("web.service");
                look.at(port);

                try (var http = BlockingHttp.reusing(socket(), null, TIMEOUT)) {
                    assertThat(status(http, "/readyz")).isEqualTo(200);
                    conf(port, "second");
                    server.reload();
                    assertThat(status(http, "/metrics")).isEqualTo(200);
                }
                awaitListed("list-machines", "stage=second");
                awaitListed("list-units", "running");

                Files.writeString(directory.resolve("fleet.conf"), "agent_ttl=never\n");
                server.reload();
                awaitListed("list-machines", "stage=second");

                conf(port, "third", "/store.log", "");
                server.reload();
                awaitListed("list-machines", "stage=second");
                awaitListed("list-units", "running");

                conf(port, "third", "\netcd_username=me\netcd_password_file=/nowhere/password");
                server.reload();
                awaitListed("list-machines", "stage=second");

                conf(
                        port,
                        "third",
                        """
                        ,https://127.0.0.1:1
                        listen_certfile=/pki/server.crt
                        listen_keyfile=/pki/server.key
                        listen_cafile=/pki/ca.crt
                        """);
                server.reload();
                awaitListed("list-machines", "stage=second");
            }
            assertThat(directory.resolve("api/fleet.sock")).doesNotExist();
            assertThat(systemd.loadedUnits())
                    .as("who leaves for good takes its units along")
                    .doesNotContainKey("web.service");
        } finally {
            store.destroyForcibly();
            store.onExit().join();
        }
    }

    private Process store(List<String> program, int port) throws IOException {
        String url = "http://127.0.0.1:" + port;
        String peers = "http://127.0.0.1:" + FreePorts.next();
        var command = new ArrayList<>(program);
        command.addAll(
                List.of(
                        "--name=m",
                        "--data-dir=" + directory.resolve("store"),
                        "--listen-client-urls=" + url,
                        "--advertise-client-urls=" + url,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=m=" + peers));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("store.log").toFile())
                .start();
    }

    private void conf(int port, String stage) throws IOException {
        conf(port, stage, "");
    }

    /** With more that stands behind the socket's address. */
    private void conf(int port, String stage, String more) throws IOException {
        conf(port, stage, "/fleet", more);
    }

    private void conf(int port, String stage, String folder, String more) throws IOException {
        Files.writeString(
                directory.resolve("fleet.conf"),
                """
                etcd_servers=http://127.0.0.1:%d
                public_ip=10.9.8.7
                metadata=stage=%s
                agent_ttl=60s
                handover=0s
                units_directory=%s%s/units
                listen=unix://%s/api/fleet.sock%s
                """
                        .formatted(port, stage, directory, folder, directory, more));
    }

    private FleetConf read() throws ConfException {
        return FleetConf.of(OptionValues.read(directory.resolve("fleet.conf"), Map.of(), Map.of()));
    }

    private ListenUrl socket() {
        return new ListenUrl.Unix(directory.resolve("api/fleet.sock"));
    }

    private static int status(BlockingHttp http, String path) throws IOException {
        try (var response = http.send("GET", path, Map.of(), new byte[0])) {
            response.body().readAllBytes();
            return response.status();
        }
    }

    private static String body(BlockingHttp http, String path) throws IOException {
        try (var response = http.send("GET", path, Map.of(), new byte[0])) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void awaitReady() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (var http = BlockingHttp.reusing(socket(), null, TIMEOUT)) {
            while (status(http, "/readyz") != 200 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** What is started anew is told a moment after it serves. */
    private void awaitListed(String command, String wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String seen = fleet(command);
        while (!seen.contains(wanted) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            seen = fleet(command);
        }
        assertThat(seen).contains(wanted);
    }

    private String fleet(String... words) {
        var out = new StringWriter();
        var all = new ArrayList<>(List.of("--request-timeout=60", "--endpoint=" + socket()));
        all.addAll(List.of(words));
        int code =
                FleetCtl.run(
                        all,
                        new Surroundings(
                                "fleetctl",
                                "1.0",
                                new PrintWriter(out),
                                new PrintWriter(out),
                                Map.of(),
                                directory,
                                EndpointSource.LOCAL));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }
}
