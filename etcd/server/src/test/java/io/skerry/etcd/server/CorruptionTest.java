package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.etcd.server.mvcc.engine.MvStoreEngine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three members, whose file was damaged while it was stopped, is found out. */
class CorruptionTest {
    private static final int DAMAGED = 2;

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    @Test
    void leaderAccusesTheMemberThatDiffersAndWritesStop() throws Exception {
        try (var members =
                Members.ours(directory, 3, null)
                        .with("--experimental-corrupt-check-time", "500ms")
                        .startAll()) {
            var etcdctl = filled(members);
            stop(members, DAMAGED);
            damage("current", "a");
            assertThat(etcdctl.first().out("alarm", "list")).isEmpty();
            members.start(DAMAGED);
            String alarm = "memberID:" + idOfDamaged(etcdctl.first()) + " alarm:CORRUPT \n";
            await("the alarm", () -> etcdctl.first().out("alarm", "list").equals(alarm));
            for (var endpoint : members.endpoints().subList(0, 2)) {
                var one = new Etcdctl(List.of(endpoint), null);
                assertThat(one.run("put", "a", "2").stderr())
                        .contains("etcdserver: corrupt cluster");
                assertThat(one.out("get", "a", "--print-value-only")).isEqualTo("value of a\n");
            }
            stop(members, DAMAGED);
            assertThat(etcdctl.first().out("alarm", "disarm")).isEqualTo(alarm);
            assertThat(etcdctl.first().out("put", "a", "2")).isEqualTo("OK\n");
        }
    }

    @Test
    void compactionShowsTheMemberThatDiffers() throws Exception {
        try (var members =
                Members.ours(directory, 3, null)
                        .with(
                                "--experimental-compact-hash-check-enabled",
                                "--experimental-compact-hash-check-time",
                                "500ms")
                        .startAll()) {
            var etcdctl = filled(members);
            stop(members, DAMAGED);
            damage("current", "b");
            members.start(DAMAGED);
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            assertThat(etcdctl.first().out("alarm", "list")).isEmpty();
            etcdctl.first().out("compaction", "3");
            String alarm = "memberID:" + idOfDamaged(etcdctl.first()) + " alarm:CORRUPT \n";
            await("the alarm", () -> etcdctl.first().out("alarm", "list").equals(alarm));
        }
    }

    @Test
    void memberThatDiffersDoesNotStartAndTheOthersDo() throws Exception {
        try (var members =
                Members.ours(directory, 3, null)
                        .with("--experimental-initial-corrupt-check")
                        .startAll()) {
            var etcdctl = filled(members);
            stop(members, DAMAGED);
            damage("current", "a");
            members.start(DAMAGED);
            assertThat(members.process(DAMAGED).waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(members.process(DAMAGED).exitValue()).isNotZero();
            assertThat(members.log(DAMAGED))
                    .contains("found hash mismatch")
                    .contains(
                            "found data inconsistency with peers: 2 of them have other content at"
                                    + " the same revision");
            stop(members, 1);
            members.start(1);
            await(
                    "a sound member to start",
                    () ->
                            members.log(1).contains("initial corruption checking passed")
                                    && etcdctl.first().run("put", "a", "2").succeeded());
        }
    }

    @Test
    void changeInTheEventsAloneIsFoundToo() throws Exception {
        try (var members = Members.ours(directory, 3, null).startAll()) {
            var etcdctl = filled(members);
            var all = new Etcdctl(members.endpoints(), null);
            assertThat(hashes(all)).hasSize(1);
            stop(members, DAMAGED);
            damage("events", "a");
            members.start(DAMAGED);
            all.awaitHealthy();
            assertThat(hashes(all)).hasSize(2);
            assertThat(etcdctl.first().out("alarm", "list")).isEmpty();
        }
    }

    private record Filled(Etcdctl first) {}

    private static Filled filled(Members members) throws Exception {
        new Etcdctl(members.endpoints(), null).awaitHealthy();
        var first = new Etcdctl(members.endpoints().subList(0, 2), null);
        first.out("put", "a", "value of a");
        first.out("put", "b", "value of b");
        // A read of each, so that no member is behind.
        new Etcdctl(members.endpoints(), null).awaitHealthy();
        var last = new Etcdctl(List.of(members.endpoint(DAMAGED)), null);
        assertThat(last.out("get", "b", "--print-value-only")).isEqualTo("value of b\n");
        return new Filled(first);
    }

    private static List<String> hashes(Etcdctl etcdctl) throws Exception {
        return etcdctl.out("endpoint", "hashkv")
                .lines()
                .map(line -> line.split(", ", -1)[1])
                .distinct()
                .toList();
    }

    /** In an orderly way, so that everything is in the file. */
    private static void stop(Members members, int i) throws Exception {
        members.process(i).destroy();
        assertThat(members.process(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Turns one letter of a value that is stored; what the file itself checks stays right. */
    private void damage(String map, String key) throws Exception {
        String value = "value of " + key;
        Path file = directory.resolve("m" + DAMAGED).resolve("store.db");
        try (var engine = MvStoreEngine.open(file, 8)) {
            OrderedMap damaged = engine.map(map);
            int changed = 0;
            var scan = damaged.snapshot().ascending(new byte[0], null);
            while (scan.next()) {
                String bytes = new String(scan.value(), StandardCharsets.ISO_8859_1);
                if (bytes.endsWith(value)) {
                    byte[] other =
                            bytes.replace(value, "value oF " + key)
                                    .getBytes(StandardCharsets.ISO_8859_1);
                    damaged.put(scan.key(), other);
                    changed++;
                }
            }
            assertThat(changed).isEqualTo(1);
            engine.commit(() -> {});
            engine.sync();
        }
    }

    private static String idOfDamaged(Etcdctl etcdctl) throws Exception {
        String line =
                etcdctl.out("member", "list")
                        .lines()
                        .filter(one -> one.contains(", m" + DAMAGED + ", "))
                        .findFirst()
                        .orElseThrow();
        return Long.toUnsignedString(Long.parseUnsignedLong(line.split(",", -1)[0], 16));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.call()) {
            assertThat(System.nanoTime() - until).as("waited in vain for " + what).isNegative();
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
