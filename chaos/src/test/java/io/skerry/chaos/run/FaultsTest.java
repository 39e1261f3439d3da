package io.skerry.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.chaos.cluster.Equipment;
import io.skerry.chaos.cluster.Link;
import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.fault.Fault;
import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.fault.Nemesis;
import io.skerry.chaos.fault.PlannedFault;
import io.skerry.chaos.fault.Replacements;
import io.skerry.chaos.workload.Clients;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** That each fault really happens to a member, and is over when it is ended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Path directory;
    private final boolean separated = Members.canBeSeparated();
    private Members members;
    private Clients clients;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        directory = folder;
        var equipment =
                new Equipment(
                        separated,
                        FaultKind.SLOW.lacking(3, separated).isEmpty(),
                        FaultKind.CLOCK.lacking(3, separated).isEmpty(),
                        true);
        members = Members.prepare(MemberProgram.command(), directory, 3, equipment);
        clients = new Clients(IntStream.range(0, 3).mapToObj(members::client).toList());
        for (int i = 0; i < 3; i++) {
            members.start(i);
        }
        everybodyServes();
    }

    @AfterAll
    void end() throws Exception {
        clients.close();
        members.end();
        assertThat(members.deaths()).isEmpty();
    }

    /** One whose disk was full may have answered and end nevertheless, a moment later. */
    private void everybodyServes() throws Exception {
        for (int i = 0; i < 3; i++) {
            int member = i;
            await(() -> {
                members.reviveDead();
                return puts(member);
            });
        }
    }

    private boolean puts(int member) throws InterruptedException {
        try {
            put(member);
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private void put(int member) throws ExecutionException, InterruptedException {
        var request =
                PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setValue(ByteString.copyFromUtf8("v"))
                        .build();
        clients.member(member).unary(EtcdMethods.PUT, request, ANSWER).get();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("came in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @Test
    void syncsOfASlowDiskTakeLong() throws Exception {
        assumeTrue(FaultKind.SLOW.lacking(3, separated).isEmpty());
        members.slowDisk(1, 2);
        double before = syncSeconds(1);
        await(() -> {
            puts(0);
            return syncSeconds(1) > before + 2;
        });
        members.slowDisk(1, 0);
        everybodyServes();
    }

    private double syncSeconds(int member) throws Exception {
        ListenUrl url = ListenUrl.parse(members.client(member).toString());
        String metrics;
        try (var answer =
                new BlockingHttp(url, null, PATIENCE)
                        .send("GET", "/metrics", Map.of(), new byte[0])) {
            metrics = answer.text();
        }
        return metrics.lines()
                .filter(line -> line.startsWith("etcd_disk_wal_fsync_duration_seconds_sum"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void memberIsToldAnotherTimeOfDay() throws Exception {
        assumeTrue(FaultKind.CLOCK.lacking(3, separated).isEmpty());
        members.setClock(2, Duration.ofDays(3));
        members.kill(2);
        members.start(2);
        var log = directory.resolve("m2.log");
        var tomorrow = Instant.now().plus(Duration.ofDays(1));
        await(() -> lastTime(log).isAfter(tomorrow));
        members.setClock(2, Duration.ZERO);
        everybodyServes();
    }

    private static Instant lastTime(Path log) throws Exception {
        String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        return text.lines().toList().reversed().stream()
                // The last line may not be there as a whole.
                .filter(line -> line.startsWith("time=") && line.contains(" "))
                .map(line -> Instant.parse(line.substring("time=".length(), line.indexOf(' '))))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    @Test
    void anotherMemberComesInTheOnesPlace() throws Exception {
        long before = id(1);
        var replacements = new Replacements(members, clients::member);
        var plan = List.of(new PlannedFault(0, 1, new Fault.Replace(1, true), false));
        long from = System.nanoTime();
        new Nemesis(
                        members,
                        replacements,
                        plan,
                        1,
                        () -> 0,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from),
                        Long.MAX_VALUE)
                .run();
        assertThat(replacements.failures()).isEmpty();
        assertThat(replacements.done()).containsExactly("m1 by way of a learner");
        everybodyServes();
        assertThat(id(1)).isNotEqualTo(before);
    }

    private long id(int member) throws Exception {
        return clients
                .member(0)
                .unary(EtcdMethods.MEMBER_LIST, MemberListRequest.getDefaultInstance(), PATIENCE)
                .get()
                .getMembersList()
                .stream()
                .filter(one -> one.getPeerURLsList().contains(members.peerUrl(member)))
                .mapToLong(Member::getID)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingIsLeftOfAFullDisk() throws Exception {
        assumeTrue(separated);
        await(() -> {
            members.fillDisk(0);
            // The member itself may give something back just then.
            return Files.getFileStore(members.data(0)).getUsableSpace() < 1 << 20;
        });
        members.freeDisk(0);
        everybodyServes();
    }

    @Test
    void memberThatIsCutOffCannotWrite() throws Exception {
        assumeTrue(separated);
        members.lose(
                Map.of(
                        new Link(0, 1),
                        100,
                        new Link(1, 0),
                        100,
                        new Link(0, 2),
                        100,
                        new Link(2, 0),
                        100));
        await(() -> !puts(0));
        await(() -> puts(1));
        members.lose(Map.of());
        everybodyServes();
    }

    @Test
    void pausedMemberDoesNotAnswerUntilItGoesOn() throws Exception {
        members.pause(2);
        assertThatThrownBy(() -> put(2)).isInstanceOf(ExecutionException.class);
        members.resume(2);
        everybodyServes();
    }
}
