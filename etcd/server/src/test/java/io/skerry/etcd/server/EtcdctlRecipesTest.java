package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.process.Finished;
import io.skerry.base.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Debian's etcdctl builds from several requests works with three members of ours over TLS:
 * locks, elections, watches that go on, mirrors, checks.
 */
class EtcdctlRecipesTest {
    @TempDir static Path directory;
    private static TlsFiles client;
    private static Members members;
    private static Etcdctl etcdctl;

    @BeforeAll
    static void startMembers() throws Exception {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        TlsFiles member =
                authority
                        .issue(CertificateUse.PEER, "member", List.of("127.0.0.1", "localhost"))
                        .writeTo(directory.resolve("pki"), "member");
        client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("pki"), "client");
        members = Members.ours(directory, 3, member).startAll();
        etcdctl = new Etcdctl(members.endpoints(), client).awaitHealthy();
    }

    @AfterAll
    static void stopMembers() {
        if (members != null) {
            members.close();
        }
    }

    @Test
    void lockIsHeldByOneAndGivenBackWhenItsProgramEnds() throws Exception {
        try (var holder = etcdctl.start("lock", "l")) {
            holder.awaitSaying("l/");
            try (var waiting = etcdctl.start("lock", "l", "--", "sh", "-c", "echo mine; exit 3")) {
                awaitTwoKeys("l/");
                assertThat(waiting.said()).doesNotContain("mine");
                holder.interrupt();
                waiting.awaitSaying("mine");
                waiting.awaitEnd();
            }
        }
        Finished failing =
                etcdctl.run("lock", "l", "--", "sh", "-c", "env | grep ^ETCD_LOCK; exit 3");
        assertThat(failing.stdout()).contains("ETCD_LOCK_KEY=l/", "ETCD_LOCK_REV=");
        assertThat(failing.exitCode()).isNotZero();
        assertThat(etcdctl.out("get", "l/", "--prefix", "--keys-only")).isEmpty();
    }

    @Test
    void electionHasOneLeaderAndTheNextOneFollowsIt() throws Exception {
        try (var observer = etcdctl.start("elect", "--listen", "e");
                var first = etcdctl.start("elect", "e", "first")) {
            first.awaitSaying("first\n");
            observer.awaitSaying("first\n");
            try (var second = etcdctl.start("elect", "e", "second")) {
                awaitTwoKeys("e/");
                assertThat(second.said()).doesNotContain("second");
                first.interrupt();
                second.awaitSaying("second\n");
                observer.awaitSaying("second\n");
            }
        }
    }

    @Test
    void watchRunsProgramsTakesFurtherLinesAndTellsProgress() throws Exception {
        etcdctl.out("put", "w/a", "1");
        String revision = revisionOf("w/a");
        try (var watch =
                etcdctl.start(
                        "watch",
                        "--prefix",
                        "--prev-kv",
                        "--rev=" + revision,
                        "w/",
                        "--",
                        "sh",
                        "-c",
                        "echo ran with $ETCD_WATCH_EVENT_TYPE $ETCD_WATCH_KEY")) {
            watch.awaitSaying("ran with \"PUT\" \"w/a\"");
            etcdctl.out("del", "w/a");
            watch.awaitSaying("ran with \"DELETE\" \"w/a\"");
            assertThat(watch.said()).contains("PUT\nw/a\n1\n", "DELETE\nw/a\n1\nw/a\n\n");
        }
        try (var lines = etcdctl.start("watch", "-i")) {
            lines.type("watch w/x w/z");
            lines.type("progress");
            lines.awaitSaying("progress notify: ");
            etcdctl.out("put", "w/y", "between");
            lines.awaitSaying("PUT\nw/y\nbetween\n");
        }
    }

    private static String revisionOf(String key) throws Exception {
        return etcdctl.out("get", key, "-w", "fields")
                .lines()
                .filter(line -> line.startsWith("\"ModRevision\" : "))
                .map(line -> line.substring("\"ModRevision\" : ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void mirrorCopiesWhatIsThereAndWhatComes() throws Exception {
        etcdctl.out("put", "from/old", "1");
        try (var mirror =
                etcdctl.start(
                        "make-mirror",
                        "--prefix=from/",
                        "--dest-prefix=to/",
                        "--dest-cert=" + client.certificate(),
                        "--dest-key=" + client.key(),
                        "--dest-cacert=" + client.trustedCa(),
                        "--dest-insecure-transport=false",
                        members.endpoint(1).toString())) {
            awaitValue("to/old", "1\n");
            etcdctl.out("put", "from/new", "2");
            awaitValue("to/new", "2\n");
            etcdctl.out("del", "from/old");
            awaitValue("to/old", "");
            assertThat(mirror.said()).doesNotContain("Error");
        }
    }

    /** Of one who has it and one who waits; each is told with an empty line. */
    private static void awaitTwoKeys(String prefix) throws Exception {
        ClusterLifeTest.await(
                "two keys below " + prefix,
                () -> {
                    Finished keys = etcdctl.run("get", prefix, "--prefix", "--keys-only");
                    return keys.stdout().lines().count() > 2;
                });
    }

    private static void awaitValue(String key, String value) throws Exception {
        ClusterLifeTest.await(
                key + " to become " + value,
                () -> etcdctl.run("get", key, "--print-value-only").stdout().equals(value));
    }

    @Test
    void everyMemberHashesTheSame() throws Exception {
        etcdctl.out("defrag", "--cluster");
        etcdctl.out("put", "mark", "1");
        // A read of each, so that no member is behind.
        etcdctl.awaitHealthy();
        String hashes = etcdctl.out("endpoint", "hashkv", "--rev=" + revisionOf("mark"));
        assertThat(hashes.lines().map(line -> line.split(", ", -1)[1]).distinct()).hasSize(1);
        assertThat(hashes.lines()).hasSize(3);
    }

    /** In clear text: for this one request etcdctl takes no certificates. */
    @Test
    void datascaleReadsTheMembersMemory() throws Exception {
        try (var one = Members.ours(Files.createDirectory(directory.resolve("one")), 1, null)) {
            var plain = new Etcdctl(one.startAll().endpoints(), null).awaitHealthy();
            Finished done =
                    plain.run("check", "datascale", "--load=s", "--auto-compact", "--auto-defrag");
            assertThat(done.stdout())
                    .contains("Compacted with revision", "Defragmented", "system memory used");
        }
    }
}
