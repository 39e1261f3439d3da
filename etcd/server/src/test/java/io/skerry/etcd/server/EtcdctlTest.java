package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.process.Finished;
import io.skerry.base.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's etcdctl does with ours what it does with Debian's etcd. */
class EtcdctlTest {
    private static final Pattern IDENTITY =
            Pattern.compile("\"(cluster_id|member_id|raft_term)\":\\d+");

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    /** A txn that compares and does nothing. */
    private static final String COMPARE_ALONE = "value(\"a\") = \"1\"\n\n\n\n";

    /** Standard input, then arguments. */
    private record Step(String stdin, List<String> arguments) {}

    private static Step step(String... arguments) {
        return stepWith("", arguments);
    }

    private static Step stepWith(String stdin, String... arguments) {
        return new Step(stdin, List.of(arguments));
    }

    private static final List<Step> STORY =
            List.of(
                    step("put", "a", "1"),
                    step("put", "b", "2"),
                    step("put", "c", "3"),
                    step("put", "a", "4", "--prev-kv"),
                    step("get", "a"),
                    step("get", "a", "-w", "json"),
                    step("get", "a", "-w", "fields"),
                    step("get", "missing", "-w", "json"),
                    step("get", "a", "c"),
                    step("get", "", "--prefix", "-w", "json"),
                    step("get", "b", "--from-key", "--keys-only"),
                    step("get", "", "--prefix", "--limit=2", "-w", "json"),
                    step("get", "", "--prefix", "--order=DESCEND", "--sort-by=KEY"),
                    step("get", "", "--prefix", "--order=ASCEND", "--sort-by=MODIFY"),
                    step(
                            "get",
                            "",
                            "--prefix",
                            "--order=DESCEND",
                            "--sort-by=VERSION",
                            "-w",
                            "json"),
                    step("get", "", "--prefix", "--sort-by=VALUE", "--limit=1", "-w", "json"),
                    step("get", "a", "--rev=2", "-w", "json"),
                    step("get", "a", "--rev=1", "-w", "json"),
                    step("get", "a", "--rev=1000"),
                    step("get", "a", "--print-value-only"),
                    step("get", "a", "--consistency=s", "--hex"),
                    step("put", "a", "--ignore-value"),
                    step("put", "missing", "--ignore-value"),
                    step("put", "a", "5", "--lease=1234"),
                    step("put", "", "x"),
                    stepWith("from stdin", "put", "stdin"),
                    step("get", "stdin"),
                    step("del", "b", "--prev-kv"),
                    step("del", "b", "-w", "json"),
                    step("put", "p/1", "x"),
                    step("put", "p/2", "y"),
                    step("del", "p/", "--prefix"),
                    stepWith("value(\"a\") = \"4\"\n\nput a 6\nget a\n\nput a 7\n\n", "txn", "-i"),
                    stepWith(
                            "mod(\"zzz\") > \"0\"\n\nput a 8\n\nget a\ndel c\n\n",
                            "txn",
                            "-w",
                            "json"),
                    stepWith("\nput d 1\nput d 2\n\n\n", "txn"),
                    step("get", "", "--prefix", "-w", "json"),
                    step("compaction", "4"),
                    step("compaction", "4"),
                    step("compaction", "1000"),
                    step("get", "a", "--rev=3"),
                    step("lease", "revoke", "1"),
                    step("lease", "timetolive", "77"),
                    step("lease", "list"));

    @Test
    void tellsTheSameStoryAsWithEtcd() throws Exception {
        List<String> expected;
        try (var theirs = Members.theirs(Files.createDirectory(directory.resolve("theirs")), 1)) {
            expected = tell(theirs.startAll());
        }
        List<String> told;
        try (var ours = Members.ours(Files.createDirectory(directory.resolve("ours")), 1, null)) {
            told = tell(ours.startAll());
        }
        Told.assertSame(told, expected);
    }

    private static List<String> tell(Members members) throws Exception {
        var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
        var told = new ArrayList<String>();
        for (Step step : STORY) {
            Finished done = etcdctl.runWith(step.stdin(), step.arguments().toArray(String[]::new));
            told.add("$ etcdctl " + String.join(" ", step.arguments()));
            told.add(IDENTITY.matcher(fields(done.stdout())).replaceAll("\"$1\":0"));
            done.stderr().lines().filter(line -> line.startsWith("Error:")).forEach(told::add);
            told.add("exit " + done.exitCode());
        }
        return told;
    }

    private static String fields(String text) {
        return text.replaceAll("\"(ClusterID|MemberID|RaftTerm)\" : \\d+", "\"$1\" : 0");
    }

    @Test
    void threeMembersServeOverTlsAndLoseNothingWhenOneIsKilled() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        TlsFiles member =
                authority
                        .issue(CertificateUse.PEER, "member", List.of("127.0.0.1", "localhost"))
                        .writeTo(directory.resolve("pki"), "member");
        TlsFiles client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("pki"), "client");
        try (var members = Members.ours(directory, 3, member).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), client).awaitHealthy();
            assertThat(etcdctl.out("put", "greeting", "hello")).isEqualTo("OK\n");
            for (int i = 0; i < 3; i++) {
                var one = new Etcdctl(List.of(members.endpoint(i)), client);
                assertThat(one.out("get", "greeting", "--print-value-only")).isEqualTo("hello\n");
            }
            // Members tell the others of themselves when they serve already.
            ClusterLifeTest.awaitPublished(members, etcdctl);
            assertThat(etcdctl.out("member", "list").lines())
                    .hasSize(3)
                    .allMatch(line -> line.contains(", started, m"));
            String status = etcdctl.out("endpoint", "status", "-w", "json");
            assertThat(status).contains("\"leader\":");
            String everywhere = etcdctl.out("endpoint", "status", "--cluster", "-w", "json");
            members.endpoints().forEach(url -> assertThat(everywhere).contains(url.toString()));

            String granted = etcdctl.out("lease", "grant", "60");
            String lease = granted.split(" ", -1)[1];
            etcdctl.out("put", "--lease=" + lease, "leased", "x");
            for (int i = 0; i < 3; i++) {
                var one = new Etcdctl(List.of(members.endpoint(i)), client);
                assertThat(one.out("lease", "timetolive", lease, "--keys"))
                        .contains("granted with TTL(60s)", "attached keys([leased])");
                assertThat(one.out("lease", "keep-alive", "--once", lease)).contains("TTL(60)");
            }
            etcdctl.out("lease", "revoke", lease);
            assertThat(etcdctl.out("get", "leased")).isEmpty();

            members.kill(0);
            var left = new Etcdctl(members.endpoints().subList(1, 3), client).awaitHealthy();
            assertThat(left.out("put", "greeting", "bye")).isEqualTo("OK\n");
            members.start(0);
            var back = new Etcdctl(List.of(members.endpoint(0)), client).awaitHealthy();
            assertThat(back.out("get", "greeting", "--print-value-only")).isEqualTo("bye\n");

            var anonymous = new Etcdctl(List.of(members.endpoint(0)), null);
            assertThat(anonymous.run("--insecure-skip-tls-verify", "get", "a").succeeded())
                    .isFalse();
        }
    }

    @Test
    void compareIsNotMadeByAMemberThatMayBeBehind() throws Exception {
        try (var members = Members.ours(directory, 3, null).startAll()) {
            var all = new Etcdctl(members.endpoints(), null).awaitHealthy();
            all.out("put", "a", "1");
            assertThat(all.runWith(COMPARE_ALONE, "txn").orThrow().stdout()).startsWith("SUCCESS");
            members.kill(1);
            members.kill(2);
            var left = new Etcdctl(List.of(members.endpoint(0)), null);

            assertThat(left.runWith(COMPARE_ALONE, "txn", "--command-timeout=5s").succeeded())
                    .isFalse();
        }
    }
}
