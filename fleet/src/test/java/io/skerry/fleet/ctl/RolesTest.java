package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Token;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line in several hands, over TLS and over the host's own socket. */
class RolesTest {
    private static final Logger AUDIT = Logger.getLogger("io.skerry.fleet.api.Gate");

    @TempDir private Path directory = Path.of("");

    private final Network network = Network.start(1);
    private final Queue<String> audit = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Keeper();
    private ServedApi served;
    private HttpListener tls;
    private HttpListener socket;

    private final class Keeper extends Handler {
        @Override
        public void publish(LogRecord record) {
            audit.add(record.getMessage() + " " + Arrays.toString(record.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void serve() throws IOException {
        var rules =
                AccessRules.rules(
                        Map.of(
                                Role.ADMIN, List.of("CN=alice"),
                                Role.OPERATOR, List.of("CN=bob"),
                                Role.READ_ONLY, List.of("*")));
        var tokens = List.of(new Token("ci", Role.OPERATOR, "0123456789abcdef"));
        served = new ServedApi(new AccessRules(rules, tokens));
        Events.happen(served.registry(), "machine " + ServedApi.FIRST + " 10.0.0.1");
        Events.happen(served.registry(), "unit web.service launched");
        var authority = CertificateAuthority.create(directory.resolve("ca"), "test");
        authority
                .issue(CertificateUse.SERVER, "server", List.of("127.0.0.1"))
                .writeTo(directory, "server");
        for (String name : List.of("alice", "bob", "carol")) {
            authority.issue(CertificateUse.CLIENT, name, List.of()).writeTo(directory, name);
        }
        var identity =
                new TlsFiles(
                        directory.resolve("server.crt"),
                        directory.resolve("server.key"),
                        directory.resolve("ca/ca.crt"),
                        false);
        var routes = served.router(ServedApi.FIRST);
        tls =
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, true),
                        HttpListener.Options.of(identity, routes));
        socket =
                HttpListener.start(
                        network,
                        new ListenUrl.Unix(directory.resolve("api.sock")),
                        HttpListener.Options.of(null, routes));
        AUDIT.addHandler(handler);
    }

    @AfterEach
    void close() {
        AUDIT.removeHandler(handler);
        served.close();
        tls.close();
        socket.close();
        network.close();
    }

    @Test
    void certificateDecidesWhatItsOwnerMayDo() {
        assertThat(as("carol", "list-units")).startsWith("0 ");
        assertThat(as("carol", "destroy", "web.service"))
                .startsWith("1 ")
                .contains("carol (read-only) may not do this: DELETE here needs the role operator");
        assertThat(as("bob", "stop", "--no-block", "web.service")).startsWith("0 ");
        assertThat(as("bob", "drain", "--no-block", "1111"))
                .startsWith("1 ")
                .contains("bob (operator) may not do this: PUT here needs the role admin");
        assertThat(as("alice", "drain", "--no-block", "1111")).startsWith("0 ");
    }

    @Test
    void tokenServesWhoHasNoCertificate() throws IOException {
        Path known = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
        Path unknown = Files.writeString(directory.resolve("other"), "fedcba9876543210\n");
        List<String> url = List.of("--endpoint=" + url(), "--ca-file=" + authority());

        assertThat(run(url, "--token-file=" + known, "stop", "--no-block", "web")).startsWith("0 ");
        assertThat(run(url, "--token-file=" + unknown, "list-units"))
                .startsWith("1 ")
                .contains("the token is not known here");
        var plain = List.of("--endpoint=" + served.url(ServedApi.FIRST));
        assertThat(run(plain, "list-units"))
                .startsWith("1 ")
                .contains("anonymous may not do this: GET here needs the role read-only");
    }

    @Test
    @Timeout(300)
    void watchingEndsAtOnceForWhomItIsRefusedTo() throws IOException {
        Path unknown = Files.writeString(directory.resolve("other"), "fedcba9876543210\n");
        var flags =
                List.of(
                        "--debug",
                        "--endpoint=" + url(),
                        "--ca-file=" + authority(),
                        "--token-file=" + unknown);
        assertThat(run(flags, "list-units", "--watch"))
                .startsWith("1 ")
                .containsOnlyOnce("/fleet/v1/watch: 401,")
                .contains("the token is not known here");

        var nobody = List.of("--debug", "--endpoint=" + served.url(ServedApi.FIRST));
        assertThat(run(nobody, "list-units", "--watch"))
                .startsWith("1 ")
                .containsOnlyOnce("/fleet/v1/watch: 403,")
                .contains("anonymous may not do this");
    }

    @Test
    void hostsOwnSocketIsForItsAdministrator() {
        var local = List.of("--endpoint=unix://" + directory.resolve("api.sock"));

        assertThat(run(local, "drain", "--no-block", "1111")).startsWith("0 ");
        assertThat(audit).anyMatch(line -> line.contains("local (admin), from, socket"));
    }

    @Test
    void logTellsOfEachChangeWhoAskedForWhatFromWhere() {
        as("bob", "stop", "--no-block", "web.service");
        as("carol", "stop", "--no-block", "web.service");
        as("carol", "list-units");

        assertThat(audit)
                .anyMatch(line ->
                        line.matches(
                                "change \\[who, bob \\(operator\\), from, 127\\.0\\.0\\.1:\\d+,"
                                        + " what, PUT /fleet/v1/units/web\\.service,"
                                        + " status, 204]"))
                .anyMatch(line -> line.startsWith("refused [who, carol (read-only), from, 127."))
                .noneMatch(line -> line.contains("GET"));
    }

    @Test
    void logTellsOfEachOfManyUnitsChangedByOneRequest() {
        Events.happen(served.registry(), "unit a.service launched");
        Events.happen(served.registry(), "unit b.service launched");

        as("bob", "stop", "--no-block", "a.service", "b.service");
        as("bob", "destroy", "--no-block", "a.service", "b.service");

        for (String unit : List.of("a.service", "b.service")) {
            for (String method : List.of("PUT", "DELETE")) {
                String change = "what, " + method + " /fleet/v1/units/" + unit + ", status, 204]";
                assertThat(audit).anyMatch(line -> line.endsWith(change));
            }
        }
    }

    @Test
    void logTellsOfEachUnitWhatCameOfItWhenOneWasDestroyedMeanwhile() {
        Events.happen(served.registry(), "unit a.service launched");
        Events.happen(served.registry(), "unit b.service launched");
        Events.happen(served.registry(), "destroy-meanwhile b.service");

        assertThat(as("bob", "stop", "--no-block", "a.service", "b.service"))
                .startsWith("1 ")
                .contains(
                        "Unit b.service: was destroyed meanwhile; the other units of the request"
                                + " were changed");

        assertThat(audit)
                .anyMatch(line -> line.endsWith("units/a.service, status, 204]"))
                .anyMatch(line -> line.endsWith("units/b.service, status, 409]"))
                .noneMatch(line -> line.endsWith("units/a.service, status, 409]"));
    }

    private String as(String name, String... words) {
        return run(
                List.of(
                        "--endpoint=" + url(),
                        "--ca-file=" + authority(),
                        "--cert-file=" + directory.resolve(name + ".crt"),
                        "--key-file=" + directory.resolve(name + ".key")),
                words);
    }

    private String url() {
        return "https://127.0.0.1:" + tls.port();
    }

    private Path authority() {
        return directory.resolve("ca/ca.crt");
    }

    /** The exit status, then what was said. */
    private String run(List<String> flags, String... words) {
        var said = new StringWriter();
        var all = new ArrayList<>(List.of("--request-timeout=60"));
        all.addAll(flags);
        all.addAll(List.of(words));
        int status =
                FleetCtl.run(
                        all,
                        new Surroundings(
                                "fleetctl",
                                "1.2.3",
                                new PrintWriter(said),
                                new PrintWriter(said),
                                Map.of(),
                                directory,
                                EndpointSource.LOCAL));
        return status + " " + said;
    }
}
