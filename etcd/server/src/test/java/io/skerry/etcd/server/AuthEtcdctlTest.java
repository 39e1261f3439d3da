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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, roles and rights as Debian's etcdctl sees them. */
class AuthEtcdctlTest {
    private static final List<String> CHEAP_HASHES = List.of("--bcrypt-cost", "4");
    private static final String ALICE = "--user=alice:secret";
    private static final String ROOT = "--user=root:toor";

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    /** Standard input and the words of a command line. */
    private record Step(String stdin, List<String> words) {
        static Step of(String line) {
            return new Step("", List.of(line.split(" ")));
        }
    }

    private static Step txn(String user, String compare, String then, String otherwise) {
        return new Step(
                compare + "\n\n" + then + "\n\n" + otherwise + "\n\n", List.of(user, "txn"));
    }

    /** What etcd 3.4 and ours must answer alike. */
    private static List<Step> story() {
        var steps = new ArrayList<Step>();
        """
        auth disable
        user list
        user get nobody
        user delete nobody
        user grant-role nobody r
        role get nothing
        role delete nothing
        role revoke-permission nothing a
        user add alice:first
        user add alice:other
        user add bob:pw
        user add carol --no-password
        role add r
        role add r
        user grant-role alice r
        user grant-role alice missing
        user revoke-role alice missing
        role grant-permission r read k --prefix
        role grant-permission r write w
        role grant-permission r readwrite m z
        role grant-permission r readwrite x --from-key
        role get r
        role grant-permission r readwrite w
        role get r
        role revoke-permission r w
        role revoke-permission r w
        role revoke-permission r x --from-key
        role grant-permission r write l
        role get r
        user get alice
        put k1 v1
        put m1 v1
        put a1 v1
        auth enable
        user add root:toor
        auth enable
        user get root
        get k1
        put k1 x
        auth enable
        --user=root:wrong get k1
        --user=nobody:pw get k1
        --user=carol:pw get k1
        """
                .lines()
                .forEach(line -> steps.add(Step.of(line)));
        steps.add(
                33,
                new Step("secret\n", List.of("user", "passwd", "alice", "--interactive=false")));
        """
        get k1
        get k --prefix
        get k1 l
        get j l
        get m z
        put k1 x
        put l x
        put l x --prev-kv
        put m1 x --prev-kv
        del m1 --prev-kv
        del l --prev-kv
        del k --prefix
        user get alice
        user get bob
        role get r
        role get root
        user list
        role list
        user add eve:pw
        role add another
        auth disable
        watch j
        watch k1 l2
        """
                .lines()
                .forEach(line -> steps.add(Step.of(ALICE + " " + line)));
        steps.add(txn(ALICE, "value(\"k1\") = \"v1\"", "put m2 x", "get k1"));
        steps.add(txn(ALICE, "value(\"a1\") = \"v1\"", "put m2 x", "get k1"));
        steps.add(txn(ALICE, "value(\"k1\") = \"v1\"", "put m2 x", "get a1"));
        steps.add(txn(ALICE, "value(\"k1\") = \"v1\"", "put m2 x", "put a1 x"));
        """
        user list
        role list
        user delete root
        role delete root
        user revoke-role root root
        user grant-role bob root
        get a1
        role delete r
        user get alice
        auth disable
        """
                .lines()
                .forEach(line -> steps.add(Step.of(ROOT + " " + line)));
        steps.add(Step.of("get a1"));
        return steps;
    }

    private static List<String> play(Members members, TlsFiles client) throws Exception {
        new Etcdctl(members.endpoints(), client).awaitHealthy();
        // One member is asked, which need not lead: what others know may lag behind.
        var etcdctl = new Etcdctl(List.of(members.endpoint(0)), client);
        var seen = new ArrayList<String>();
        for (var step : story()) {
            Finished done = etcdctl.runWith(step.stdin, step.words.toArray(String[]::new));
            var errors = done.stderr().lines().filter(line -> line.startsWith("Error:")).toList();
            seen.add(step.words + " -> " + done.exitCode() + "\n" + done.stdout() + errors);
        }
        return seen;
    }

    @Test
    void etcdctlSeesOfThreeMembersWithCertificatesWhatItSeesOfEtcd() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        TlsFiles member = member(authority);
        TlsFiles client =
                authority
                        .issue(CertificateUse.CLIENT, "stranger", List.of())
                        .writeTo(directory.resolve("pki"), "client");
        List<String> expected;
        try (var members =
                Members.theirs(Files.createDirectories(directory.resolve("theirs")), 3, member)
                        .with(CHEAP_HASHES.toArray(String[]::new))
                        .with(Members.PATIENT)
                        .startAll()) {
            expected = play(members, client);
        }
        try (var members =
                Members.ours(
                                Files.createDirectories(directory.resolve("ours")),
                                3,
                                member,
                                CHEAP_HASHES)
                        .with(Members.PATIENT)
                        .startAll()) {
            Told.assertSame(play(members, client), expected);
        }
        assertThat(directory.resolve("ours/m0.log")).content().doesNotContain("secret", "toor");
    }

    private TlsFiles member(CertificateAuthority authority) throws Exception {
        return authority
                .issue(CertificateUse.PEER, "member", List.of("127.0.0.1", "localhost"))
                .writeTo(directory.resolve("pki"), "member");
    }

    private static void setUp(Etcdctl etcdctl) throws Exception {
        for (var line :
                List.of(
                        "user add root:toor",
                        "user add alice:secret",
                        "role add r",
                        "role grant-permission r readwrite k --prefix",
                        "user grant-role alice r",
                        "put k1 v1",
                        "put a1 v1",
                        "auth enable")) {
            etcdctl.out(line.split(" "));
        }
    }

    @Test
    void rightsHoldOnEveryMemberAndOutliveRestarts() throws Exception {
        try (var members = Members.ours(directory, 3, null, CHEAP_HASHES).startAll()) {
            var all = new Etcdctl(members.endpoints(), null).awaitHealthy();
            setUp(all);
            for (int i = 0; i < 3; i++) {
                assertRightsOfAlice(new Etcdctl(List.of(members.endpoint(i)), null));
            }
            // Each etcdctl logs in on one member and may use the token on any other.
            for (int i = 0; i < 5; i++) {
                assertThat(all.out(ALICE, "get", "k1")).contains("v1");
            }
            members.kill(1);
            // It may have led.
            var left = new Etcdctl(List.of(members.endpoint(0)), null);
            awaitStarted(left);
            left.out(ROOT, "role", "revoke-permission", "r", "k", "--prefix");
            members.start(1);
            var back = new Etcdctl(List.of(members.endpoint(1)), null);
            awaitStarted(back);
            assertThat(back.run(ALICE, "get", "k1").stderr()).contains("permission denied");
        }
    }

    private static void awaitStarted(Etcdctl etcdctl) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!etcdctl.run(ROOT, "get", "k1").succeeded()) {
            assertThat(System.nanoTime()).as("the member serves again").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static void assertRightsOfAlice(Etcdctl etcdctl) throws Exception {
        assertThat(etcdctl.out(ALICE, "get", "k1")).contains("v1");
        assertThat(etcdctl.run(ALICE, "get", "a1").stderr()).contains("permission denied");
        assertThat(etcdctl.run("get", "k1").stderr()).contains("user name is empty");
    }

    @Test
    void leasesOfOthersAreClosed() throws Exception {
        try (var members = Members.ours(directory, 1, null, CHEAP_HASHES).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            setUp(etcdctl);
            var lease = etcdctl.out(ROOT, "lease", "grant", "500").split(" ", -1)[1];
            etcdctl.out(ROOT, "put", "a1", "v", "--lease=" + lease);
            for (var line :
                    List.of(
                            "put k1 v --lease=" + lease,
                            "lease revoke " + lease,
                            "lease timetolive " + lease + " --keys",
                            "lease list",
                            "compaction 2")) {
                var words = new ArrayList<>(List.of(ALICE));
                words.addAll(List.of(line.split(" ")));
                assertThat(etcdctl.run(words.toArray(String[]::new)).stderr())
                        .as(line)
                        .contains("permission denied");
            }
            assertThat(etcdctl.run("lease", "grant", "5").stderr()).contains("user name is empty");
            assertThat(etcdctl.out(ALICE, "lease", "timetolive", lease)).contains("remaining");
        }
    }

    /** As etcd since 3.5.30; Debian's 3.4 lets anybody. */
    @Test
    void onlyRootMovesTheLeader() throws Exception {
        try (var members = Members.ours(directory, 1, null, CHEAP_HASHES).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            setUp(etcdctl);
            assertThat(etcdctl.run(ALICE, "move-leader", "1234").stderr())
                    .contains("permission denied");
            assertThat(etcdctl.run("move-leader", "1234").stderr()).contains("user name is empty");
            assertThat(etcdctl.run(ROOT, "move-leader", "1234").stderr())
                    .contains("bad leader transferee");
        }
    }

    @Test
    void signedTokensHoldOnEveryMember() throws Exception {
        var secret = Files.writeString(directory.resolve("secret"), "known to all members");
        var flags = new ArrayList<>(CHEAP_HASHES);
        flags.addAll(List.of("--auth-token", "jwt,sign-method=HS256,priv-key=" + secret));
        try (var members = Members.ours(directory, 3, null, flags).startAll()) {
            var all = new Etcdctl(members.endpoints(), null).awaitHealthy();
            setUp(all);
            for (int i = 0; i < 3; i++) {
                assertRightsOfAlice(new Etcdctl(List.of(members.endpoint(i)), null));
                assertRightsOfAlice(all);
            }
        }
    }

    @Test
    void aClientsCertificateTellsWhoItIs() throws Exception {
        var pki = directory.resolve("pki");
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        TlsFiles member = member(authority);
        TlsFiles root = authority.issue(CertificateUse.CLIENT, "root", List.of()).writeTo(pki, "r");
        TlsFiles carol =
                authority.issue(CertificateUse.CLIENT, "carol", List.of()).writeTo(pki, "c");
        TlsFiles eve = authority.issue(CertificateUse.CLIENT, "eve", List.of()).writeTo(pki, "e");
        try (var members = Members.ours(directory, 1, member, CHEAP_HASHES).startAll()) {
            var byRoot = new Etcdctl(members.endpoints(), root).awaitHealthy();
            setUp(byRoot);
            byRoot.out("user", "add", "carol", "--no-password");
            byRoot.out("user", "grant-role", "carol", "r");
            var byCarol = new Etcdctl(members.endpoints(), carol);
            assertThat(byCarol.out("get", "k1")).contains("v1");
            assertThat(byCarol.run("get", "a1").stderr()).contains("permission denied");
            // A token wins over the certificate.
            assertThat(byCarol.out(ROOT, "get", "a1")).contains("v1");
            var byEve = new Etcdctl(members.endpoints(), eve);
            assertThat(byEve.run("get", "k1").stderr()).contains("permission denied");
        }
    }
}
