package io.skerry.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which ends of a process count as deaths; the processes only say something and end. */
class MembersTest {
    private static final Equipment NONE = new Equipment(false, false, false, false);
    private static final String NO_MEMBER =
            "etcd: the member has been permanently removed from the cluster";

    @TempDir Path folder;

    private Members ended(String words, boolean leaving) throws Exception {
        var members = Members.prepare(List.of("sh", "-c", "echo '" + words + "'"), folder, 1, NONE);
        if (leaving) {
            members.leaving(0);
        }
        members.start(0);
        await(members);
        members.reviveDead();
        return members;
    }

    private static void await(Members members) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (members.running(0)) {
            assertThat(System.nanoTime() - deadline).as("the process ends").isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void oneThatEndsByItselfIsADeathAndIsStartedAgain() throws Exception {
        var members = ended("etcd: out of luck", false);
        assertThat(members.deaths()).singleElement().asString().contains("out of luck");
        await(members);
        members.reviveDead();
        assertThat(members.deaths()).hasSize(2);
        members.end();
    }

    @Test
    void oneThatIsBeingRemovedMayLearnOfItBeforeTheRemovalIsAnswered() throws Exception {
        var members = ended(NO_MEMBER, true);
        members.reviveDead();
        assertThat(members.deaths()).isEmpty();
        members.end();
    }

    @Test
    void oneThatIsBeingRemovedMustNotEndForAnotherReason() throws Exception {
        var members = ended("etcd: out of luck", true);
        assertThat(members.deaths()).hasSize(1);
        members.end();
    }

    @Test
    void nobodyWhomTheClusterKeepsMayBeToldThatItWasRemoved() throws Exception {
        var members = ended(NO_MEMBER, false);
        assertThat(members.deaths()).hasSize(1);
        members.end();
    }

    @Test
    void oneThatWasAddedAnewIsHeldToItAgain() throws Exception {
        var members = ended(NO_MEMBER, true);
        members.removed(0);
        members.added(0);
        members.start(0);
        await(members);
        members.reviveDead();
        assertThat(members.deaths()).hasSize(1);
        members.end();
    }

    @Test
    void wordsOfAnEarlierLifeExcuseNobody() throws Exception {
        Path once = folder.resolve("once");
        String program =
                "if [ -e %s ]; then echo out of luck; else touch %s; echo '%s'; fi"
                        .formatted(once, once, NO_MEMBER);
        var members = Members.prepare(List.of("sh", "-c", program), folder, 1, NONE);
        members.start(0);
        await(members);
        members.reviveDead();
        await(members);
        members.leaving(0);
        members.reviveDead();
        assertThat(members.deaths())
                .hasSize(2)
                .last()
                .asString()
                .contains("out of luck")
                .doesNotContain(NO_MEMBER);
        members.end();
    }

    @Test
    void oneEndIsExcusedAfterAFullDisk() throws Exception {
        assumeTrue(Members.canBeSeparated());
        Path end = folder.resolve("end");
        String program =
                "while [ ! -e %s ]; do sleep 0.05; done; rm %s; echo out of luck"
                        .formatted(end, end);
        var disks = new Equipment(true, false, false, false);
        var members = Members.prepare(List.of("sh", "-c", program), folder, 1, disks);
        try {
            members.start(0);
            members.fillDisk(0);
            members.freeDisk(0);
            Files.createFile(end);
            await(members);
            members.reviveDead();
            assertThat(members.deaths()).isEmpty();
            Files.createFile(end);
            await(members);
            members.reviveDead();
            assertThat(members.deaths()).hasSize(1);
        } finally {
            members.end();
        }
    }
}
