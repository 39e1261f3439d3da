package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.process.Finished;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with Debian's etcdctl: alarms, quota, defragmentation, snapshots. */
class OperationsTest {
    private static final String NO_SPACE = "etcdserver: mvcc: database space exceeded";

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    @Test
    void fullStoreRefusesPutsUntilItIsCompactedDefragmentedAndDisarmed() throws Exception {
        try (var members =
                Members.ours(directory, 1, null)
                        .with("--quota-backend-bytes", "8388608")
                        .startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            etcdctl.out("lease", "grant", "600");
            Finished refused = putUntilRefused(etcdctl);
            assertThat(refused.stderr()).contains(NO_SPACE);
            String alarms = etcdctl.out("alarm", "list");
            assertThat(alarms).matches("memberID:\\d+ alarm:NOSPACE \n");
            assertThat(etcdctl.out("endpoint", "status", "-w", "json")).contains("alarm:NOSPACE");
            assertThat(etcdctl.run("lease", "grant", "60").stderr()).contains(NO_SPACE);
            assertThat(etcdctl.runWith("\n\nput nested 1\n\n", "txn").stderr()).contains(NO_SPACE);

            assertThat(etcdctl.out("del", "big", "--prefix")).isNotEqualTo("0\n");
            String revision = etcdctl.out("get", "none", "-w", "fields");
            String newest = revision.replaceAll("(?s).*\"Revision\" : (\\d+).*", "$1");
            etcdctl.out("compaction", newest, "--physical");
            Path file = directory.resolve("m0").resolve("store.db");
            // Readers that are not through keep the space of what they read for as long.
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (Files.size(file) > 2 << 20 && System.nanoTime() - until < 0) {
                assertThat(etcdctl.out("defrag")).startsWith("Finished defragmenting etcd member[");
            }
            assertThat(Files.size(file)).isLessThan(2 << 20);
            assertThat(etcdctl.out("alarm", "disarm")).isEqualTo(alarms);
            assertThat(etcdctl.out("alarm", "list")).isEmpty();
            assertThat(etcdctl.out("put", "small", "again")).isEqualTo("OK\n");
        }
    }

    private static Finished putUntilRefused(Etcdctl etcdctl) throws Exception {
        String value = "v".repeat(1 << 20);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        for (int i = 0; System.nanoTime() - until < 0; i++) {
            Finished put = etcdctl.runWith(value, "put", "big" + i);
            if (!put.succeeded()) {
                return put;
            }
        }
        throw new AssertionError("the quota was never enforced");
    }

    @Test
    void etcdctlSavesASnapshotOfTheSizeItExpects() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            for (int i = 0; i < 20; i++) {
                etcdctl.out("put", "key" + i, "value" + i);
            }
            Path file = directory.resolve("snapshot.db");
            assertThat(etcdctl.out("snapshot", "save", file.toString()))
                    .contains("Snapshot saved at " + file);
            assertThat(Files.size(file) % 512).isEqualTo(32);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .startsWith("SKRYIMG2")
                    .contains("value19");
        }
    }

    @Test
    void alarmRaisedOnOneMemberStopsWritesOnAll() throws Exception {
        try (var members = Members.ours(directory, 3, null).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            etcdctl.out("put", "a", "1");
            // etcdctl 3.4 has no word for raising one; a corrupt member is what raises it.
            try (var client = RawClient.of(members.endpoint(1))) {
                client.raise(7, 2);
            }
            for (var endpoint : members.endpoints()) {
                var one = new Etcdctl(List.of(endpoint), null);
                for (var command :
                        List.of(
                                List.of("put", "a", "2"),
                                List.of("del", "a"),
                                List.of("lease", "grant", "60"),
                                List.of("compaction", "2"))) {
                    assertThat(one.run(command.toArray(String[]::new)).stderr())
                            .contains("etcdserver: corrupt cluster");
                }
                assertThat(one.out("get", "a")).isEqualTo("a\n1\n");
            }
            assertThat(etcdctl.out("alarm", "disarm")).isEqualTo("memberID:7 alarm:CORRUPT \n");
            assertThat(etcdctl.out("put", "a", "3")).isEqualTo("OK\n");
        }
    }
}
