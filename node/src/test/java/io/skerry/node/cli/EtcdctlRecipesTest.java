package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of our etcdctl that go on: locks, elections, mirrors. */
class EtcdctlRecipesTest {
    /** A lock is lost when its holder cannot renew it, as on a machine that stands still. */
    private static final String LONG = "--ttl=600";

    @TempDir static Path directory;
    private static OwnMember member;

    @BeforeAll
    static void startMember() throws Exception {
        member = OwnMember.start(directory);
    }

    @AfterAll
    static void stopMember() {
        if (member != null) {
            member.close();
        }
    }

    private static OwnEtcdctl start(String... words) {
        return OwnEtcdctl.start(member.url(), words);
    }

    private static OwnEtcdctl.Said run(String... words) {
        return OwnEtcdctl.run(member.url(), words);
    }

    private static void awaitKeys(String prefix, int count) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!run("get", prefix, "--prefix", "--count-only", "-w", "fields")
                .out()
                .contains("\"Count\" : " + count + "\n")) {
            assertThat(System.nanoTime()).as("%d keys at %s", count, prefix).isLessThan(until);
        }
    }

    @Test
    void lockPassesToTheOneWhoWaitsWhenItsHolderIsInterrupted() throws Exception {
        var holder = start("lock", "passes", LONG).awaitOut("passes/");
        var waiting = start("lock", "passes", LONG, "--", "echo", "mine");
        awaitKeys("passes/", 2);
        assertThat(waiting.out()).isEmpty();

        assertThat(holder.interrupt().end().status()).isZero();

        assertThat(waiting.end()).isEqualTo(new OwnEtcdctl.Said(0, "mine\n", ""));
        awaitKeys("passes/", 0);
    }

    @Test
    void lockedProgramsStatusIsTheCommandsAndItKnowsItsKey() throws Exception {
        var said = run("lock", LONG, "status", "sh", "--", "-c", "env | grep ^ETCD_LOCK; exit 7");
        assertThat(said.status()).isEqualTo(7);
        assertThat(said.out()).contains("ETCD_LOCK_KEY=status/", "ETCD_LOCK_REV=");
        assertThat(run("lock", "status", "/no/such/program").status()).isEqualTo(1);
        awaitKeys("status/", 0);
    }

    @Test
    void lockIsKeptUntilTheInterruptedProgramHasEnded() throws Exception {
        var mayEnd = directory.resolve("may-end");
        var slow =
                start(
                        "lock",
                        "slow",
                        LONG,
                        "--",
                        "sh",
                        "-c",
                        "trap 'echo ending; while [ ! -e %s ]; do sleep 0.1; done; echo ended; exit 3'"
                                        .formatted(mayEnd)
                                + " TERM; echo started; while :; do sleep 0.1; done");
        slow.awaitOut("started");
        var next = start("lock", "slow", LONG, "--", "echo", "next");
        awaitKeys("slow/", 2);
        Thread.ofVirtual().start(slow::interrupt);
        slow.awaitOut("ending");
        assertThat(next.out()).isEmpty();
        Files.createFile(mayEnd);
        slow.awaitOut("ended");
        assertThat(next.end().out()).isEqualTo("next\n");
    }

    @Test
    void lockOfOneWhoseLeaseIsRevokedIsLostAndSaysSo() throws Exception {
        var holder = start("lock", "revoked").awaitOut("revoked/");
        String lease = holder.out().strip().substring("revoked/".length());
        run("lease", "revoke", lease);
        var said = holder.end();
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).contains("Error: session expired");
    }

    @Test
    void whoLostItsPlaceWhileWaitingDoesNotRun() throws Exception {
        var holder = start("lock", "place", LONG).awaitOut("place/");
        var waiting = start("lock", "place", LONG, "--", "echo", "mine");
        awaitKeys("place/", 2);
        String keys = run("get", "place/", "--prefix", "--keys-only").out();
        String mine =
                keys.lines()
                        .filter(key -> !key.isBlank() && !holder.out().contains(key))
                        .findFirst()
                        .orElseThrow();
        run("del", mine);
        holder.interrupt();
        assertThat(waiting.end().out()).doesNotContain("mine");
        assertThat(waiting.end().err()).contains("session expired");
    }

    @Test
    void electionPassesOnAndObserversAreTold() throws Exception {
        var observer = start("elect", "--listen", "e");
        var first = start("elect", "e", "first").awaitOut("first\n");
        observer.awaitOut("first\n");
        var second = start("elect", "e", "second");
        awaitKeys("e/", 2);
        assertThat(second.out()).isEmpty();
        assertThat(first.interrupt().end().status()).isZero();
        second.awaitOut("second\n");
        observer.awaitOut("second\n");
        assertThat(observer.interrupt().end().status()).isZero();
        assertThat(second.interrupt().end().status()).isZero();
    }

    @Test
    void mirrorCopiesWhatIsThereAndWhatComesUnderAnotherName() throws Exception {
        run("put", "from/old", "1");
        start("make-mirror", "--prefix=from/", "--dest-prefix=to/", member.url());
        awaitKeys("to/", 1);
        OwnEtcdctl.run(member.url(), "\nput from/new 2\ndel from/old\n\n\n", List.of("txn"));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!run("get", "to/", "--prefix").out().equals("to/new\n2\n")) {
            assertThat(System.nanoTime()).isLessThan(until);
        }
        assertThat(run("make-mirror").status()).isEqualTo(128);
        assertThat(run("make-mirror", "--no-dest-prefix", "--dest-prefix=x", "h:1").status())
                .isEqualTo(128);
    }

    @Test
    void datascaleTellsTheMembersMemoryAndLeavesNothingBehind() {
        var said = run("check", "datascale", "--auto-compact", "--auto-defrag");
        assertThat(said.out())
                .contains(
                        "[10000 key-value pairs, 1024 bytes per key-value, 50 concurrent clients]",
                        "10000 / 10000  100.00%",
                        "Compacted with revision ",
                        "Defragmented \"" + member.url() + "\"",
                        "PASS: Approximate system memory used : ");
        assertThat(said.status()).isZero();
        assertThat(run("get", "/etcdctl-check-datascale/", "--prefix").out()).isEmpty();

        run("put", "/etcdctl-check-perf/mine", "1");
        assertThat(run("check", "perf").err())
                .contains("prefix \"/etcdctl-check-perf/\" has keys. Delete with etcdctl del");
        assertThat(run("check", "perf", "--load=huge").status()).isEqualTo(4);
    }

    /** Debian's etcdctl is older than this command. */
    @Test
    void downgradeIsRefusedAsThereIsNoOlderVersionToGoTo() {
        var refusals = new LinkedHashMap<List<String>, OwnEtcdctl.Said>();
        refusals.put(
                List.of("validate", "3.4"), failed("etcdserver: invalid downgrade target version"));
        refusals.put(
                List.of("enable", "3.4.0"), failed("etcdserver: invalid downgrade target version"));
        refusals.put(
                List.of("validate", "three"),
                failed("etcdserver: wrong downgrade target version format"));
        refusals.put(List.of("cancel"), failed("etcdserver: no inflight downgrade job"));
        refusals.put(List.of("cancel", "3.4"), failed("etcdserver: no inflight downgrade job"));
        for (String action : List.of("validate", "enable")) {
            refusals.put(List.of(action), wrong("TARGET_VERSION not provided"));
            refusals.put(List.of(action, ""), wrong("target version not provided"));
            refusals.put(List.of(action, "3.4", "3.5"), wrong("too many arguments"));
        }
        refusals.forEach((words, refusal) -> {
            var line = new ArrayList<>(List.of("downgrade"));
            line.addAll(words);
            var said = run(line.toArray(String[]::new));
            assertThat(said.status()).as(line.toString()).isEqualTo(refusal.status());
            assertThat(said.out()).isEmpty();
            assertThat(said.err()).as(line.toString()).endsWith(refusal.err());
        });
    }

    private static OwnEtcdctl.Said failed(String words) {
        return new OwnEtcdctl.Said(1, "", "Error: " + words + "\n");
    }

    private static OwnEtcdctl.Said wrong(String words) {
        return new OwnEtcdctl.Said(128, "", "Error: " + words + "\n");
    }

    @Test
    void bashCompletesCommandsAndFlags() throws Exception {
        Path script = directory.resolve("completion.bash");
        Files.writeString(script, run("completion", "bash").out());
        assertThat(completed(script, "lea")).isEqualTo("lease");
        assertThat(completed(script, "lease gr")).isEqualTo("grant");
        assertThat(completed(script, "--debug lease timetolive --ke"))
                .isEqualTo("--keys --keepalive-time --keepalive-timeout --key");
        assertThat(run("completion", "zsh").out()).startsWith("#compdef etcdctl\n");
        assertThat(run("completion", "fish").out())
                .contains(
                        "complete -c etcdctl -n '__etcdctl_at \"\"' -a get -d 'read a key",
                        "complete -c etcdctl -n '__etcdctl_at \"/lease/grant\"' -l endpoints");
        assertThat(run("completion", "powershell").out())
                .contains("-CommandName 'etcdctl'", "'/lease' = @('grant', ");
    }

    private static String completed(Path script, String line) throws Exception {
        var words = List.of(line.split(" ", -1));
        String program =
                "source %s; COMP_WORDS=(etcdctl %s); COMP_CWORD=%d; _etcdctl; echo -n ${COMPREPLY[@]}"
                        .formatted(script, line, words.size());
        return Command.of("bash", "-c", program).check().stdout();
    }
}
