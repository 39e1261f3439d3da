package io.skerry.systemd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.unit.UnitName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final UnitName UNIT = new UnitName("web.service");

    @TempDir Path directory;

    @Test
    void passesOnlyFixedArguments() throws Exception {
        var journal = new Journal(List.of("/bin/sh", "-c", "printf '%s\\n' \"$@\"", "sh"));

        try (var stream = journal.follow(UNIT, 10, OutputFormat.SHORT_ISO)) {
            assertThat(all(stream))
                    .containsExactly(
                            "--unit=web.service",
                            "--lines=10",
                            "--output=short-iso",
                            "--no-pager",
                            "--follow");
        }
        try (var stream = journal.read(UNIT, Journal.ALL_LINES, OutputFormat.CAT)) {
            assertThat(all(stream))
                    .containsExactly(
                            "--unit=web.service", "--lines=all", "--output=cat", "--no-pager");
        }
        assertThatThrownBy(() -> journal.read(UNIT, -2, OutputFormat.CAT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNewestEntryTellsHowAUnitsLastStartEnded() throws Exception {
        var late = new UnitName("late.service");
        String newestFirst =
                """
                __CURSOR=s=3
                UNIT=web.service
                JOB_RESULT=dependency

                __CURSOR=s=2
                UNIT=late.service
                JOB_RESULT=done

                __CURSOR=s=1
                UNIT=web.service
                JOB_RESULT=done
                """;
        Path entries = Files.writeString(directory.resolve("entries"), newestFirst);
        var journal = new Journal(List.of("/bin/sh", "-c", "cat " + entries, "sh"));

        assertThat(journal.lastStarts(List.of(UNIT, late, new UnitName("never.service"))))
                .isEqualTo(Map.of(UNIT, JobResult.DEPENDENCY, late, JobResult.DONE));
        assertThat(journal.lastStarts(List.of(late))).isEqualTo(Map.of(late, JobResult.DONE));
    }

    @Test
    void closingEndsTheChildAndABlockedReader() throws Exception {
        Path pid = directory.resolve("pid");
        var stream =
                new Journal(
                                List.of(
                                        "/bin/sh",
                                        "-c",
                                        "echo $$ > " + pid + "; echo one; exec sleep 600",
                                        "sh"))
                        .follow(UNIT, 1, OutputFormat.SHORT);
        assertThat(stream.next()).isEqualTo("one");
        var blocked = new CompletableFuture<@Nullable String>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        blocked.complete(stream.next());
                    } catch (JournalException e) {
                        blocked.completeExceptionally(e);
                    }
                });

        stream.close();

        assertThat(blocked.get(60, TimeUnit.SECONDS)).isNull();
        long child = Long.parseLong(Files.readString(pid).strip());
        // On a machine that stands still it is killed in the end, which nobody waits for.
        var ended = ProcessHandle.of(child).map(ProcessHandle::onExit);
        if (ended.isPresent()) {
            var _ = ended.get().get(60, TimeUnit.SECONDS);
        }
        stream.close();
    }

    @Test
    void aFailureTellsWhatJournalctlSaid() throws Exception {
        try (var stream =
                new Journal(List.of("/bin/sh", "-c", "echo No journal here >&2; exit 1", "sh"))
                        .read(UNIT, 1, OutputFormat.SHORT)) {
            assertThatThrownBy(stream::next)
                    .isInstanceOf(JournalException.class)
                    .hasMessage("journalctl failed with exit code 1: No journal here");
        }
    }

    @Test
    void aChildThatComplainsALotDoesNotHang() throws Exception {
        try (var stream =
                new Journal(
                                List.of(
                                        "/bin/sh",
                                        "-c",
                                        "yes complaint | head -c 300000 >&2; echo end",
                                        "sh"))
                        .read(UNIT, 1, OutputFormat.SHORT)) {
            assertThat(all(stream)).containsExactly("end");
        }
    }

    @Test
    void aMissingJournalctlIsNamed() {
        assertThatThrownBy(() ->
                        new Journal(List.of("/no/journalctl")).read(UNIT, 1, OutputFormat.SHORT))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot run /no/journalctl");
    }

    @Test
    void formatsAreKnownByTheirNames() {
        assertThat(OutputFormat.of("short-iso")).contains(OutputFormat.SHORT_ISO);
        assertThat(OutputFormat.of("json")).contains(OutputFormat.JSON);
        assertThat(OutputFormat.of("short_iso")).isEmpty();
    }

    private static List<String> all(JournalStream stream) throws JournalException {
        var lines = new ArrayList<String>();
        for (String line = stream.next(); line != null; line = stream.next()) {
            lines.add(line);
        }
        return lines;
    }
}
