package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our etcdctl against a member that asks for certificates, by flags and by variables. */
class EtcdctlTlsTest {
    @TempDir static Path directory;
    private static TlsFiles client;
    private static OwnMember member;

    @BeforeAll
    static void startMember() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        TlsFiles server =
                authority
                        .issue(CertificateUse.PEER, "member", List.of("127.0.0.1"))
                        .writeTo(directory.resolve("pki"), "member");
        client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("pki"), "client");
        member = OwnMember.startSecure(directory, server, client);
        assertThat(member.run("put", "a", "1").out()).isEqualTo("OK\n");
    }

    @AfterAll
    static void stopMember() {
        if (member != null) {
            member.close();
        }
    }

    private static OwnEtcdctl.Said run(Map<String, String> environment, String... words) {
        return OwnEtcdctl.start(environment, "", List.of(words)).end();
    }

    /** A line with the client's files by flags of these names. */
    private static String[] with(String authority, String certificate, String key, String... line) {
        var words = new ArrayList<>(List.of(line));
        words.add("--" + authority + "=" + client.trustedCa());
        words.add("--" + certificate + "=" + client.certificate());
        words.add("--" + key + "=" + client.key());
        return words.toArray(String[]::new);
    }

    @Test
    void certificatesAreGivenByFlags() {
        String address = member.url().substring("https://".length());
        var said =
                run(
                        OwnEtcdctl.PATIENT,
                        with("cacert", "cert", "key", "--endpoints=" + address, "get", "a"));
        assertThat(said).isEqualTo(new OwnEtcdctl.Said(0, "a\n1\n", ""));
    }

    @Test
    void whoShowsNoCertificateOrTrustsNobodyGetsNoAnswer() {
        var endpoint = Map.of("ETCDCTL_ENDPOINTS", member.url(), "ETCDCTL_COMMAND_TIMEOUT", "2s");
        assertThat(run(endpoint, "--cacert=" + client.trustedCa(), "get", "a").status())
                .isEqualTo(1);
        assertThat(run(endpoint, "get", "a").status()).isEqualTo(1);
    }

    @Test
    void anyServersCertificateIsBelievedIfThatIsAskedFor() {
        var said =
                run(
                        OwnEtcdctl.environment(member.url()),
                        "--insecure-skip-tls-verify",
                        "--cert=" + client.certificate(),
                        "--key=" + client.key(),
                        "get",
                        "a");
        assertThat(said.out()).isEqualTo("a\n1\n");
    }

    @Test
    void olderCommandsTakeTheirOwnFlags() {
        var environment = Map.of("ETCDCTL_API", "2", "ETCDCTL_ENDPOINTS", member.url());
        String answer = "--timeout=60s";
        String all = "--total-timeout=120s";
        String[] line = with("ca-file", "cert-file", "key-file", answer, all, "set", "/a", "2");
        assertThat(run(environment, line)).isEqualTo(new OwnEtcdctl.Said(0, "2\n", ""));
        assertThat(run(environment, answer, all, "get", "/a").status()).isEqualTo(4);
    }

    @Test
    void mirrorTakesCertificatesOfItsDestination() throws Exception {
        member.run("put", "from/a", "1");
        OwnEtcdctl.start(
                member.environment(),
                "",
                List.of(
                        with(
                                "dest-cacert",
                                "dest-cert",
                                "dest-key",
                                "make-mirror",
                                "--prefix=from/",
                                "--dest-prefix=to/",
                                member.url())));
        long until = System.nanoTime() + 60_000_000_000L;
        while (!member.run("get", "to/a").out().equals("to/a\n1\n")) {
            assertThat(System.nanoTime()).isLessThan(until);
        }
    }
}
