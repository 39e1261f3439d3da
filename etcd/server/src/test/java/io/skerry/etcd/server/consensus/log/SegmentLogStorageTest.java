package io.skerry.etcd.server.consensus.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogStorageTest {
    @TempDir Path directory;

    @Test
    void givesBackWhatItWasGivenAfterItIsOpenedAgain() {
        SegmentLogStorage log = open();
        append(log, 1, 10, 1);
        append(log, 11, 20, 2);
        log.shutdown();

        SegmentLogStorage again = open();
        assertThat(again.getFirstLogIndex()).isEqualTo(1);
        assertThat(again.getLastLogIndex()).isEqualTo(20);
        assertThat(text(again, 7)).isEqualTo("entry 7 of term 1");
        assertThat(text(again, 15)).isEqualTo("entry 15 of term 2");
        assertThat(again.getEntry(21)).isNull();
        again.shutdown();
    }

    @Test
    void remembersTheMembership() {
        SegmentLogStorage log = open();
        var entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
        entry.setId(new LogId(1, 1));
        entry.setPeers(List.of(new PeerId("a1", 1), new PeerId("b2", 1)));
        log.appendEntry(entry);
        log.shutdown();

        var configurations = new ConfigurationManager();
        open(configurations).shutdown();
        assertThat(configurations.getLastConfiguration().getConf().getPeers()).hasSize(2);
    }

    @Test
    void cutsOffATornTailAtEveryByte() throws IOException {
        SegmentLogStorage log = open();
        append(log, 1, 3, 1);
        log.shutdown();
        long durable = endOfRecords();
        log = open();
        append(log, 4, 6, 1);
        log.shutdown();
        long end = endOfRecords();
        byte[] whole = Files.readAllBytes(file());

        for (long cut = durable; cut < end; cut += 7) {
            byte[] torn = whole.clone();
            for (int i = (int) cut; i < torn.length; i++) {
                torn[i] = 0;
            }
            Files.write(file(), torn);
            SegmentLogStorage opened = open();
            assertThat(opened.getLastLogIndex()).isBetween(3L, 6L);
            long next = opened.getLastLogIndex() + 1;
            append(opened, next, next, 2);
            opened.shutdown();
            SegmentLogStorage again = open();
            assertThat(again.getLastLogIndex()).isEqualTo(next);
            again.shutdown();
        }
    }

    @Test
    void takesAHoleInTheLastBatchForATornTail() throws IOException {
        SegmentLogStorage log = open();
        append(log, 1, 3, 1);
        log.shutdown();
        long durable = endOfRecords();
        log = open();
        append(log, 4, 9, 1);
        log.shutdown();
        // Pages of one batch may reach the disk in any order.
        flip(durable + 45);

        SegmentLogStorage opened = open();
        assertThat(opened.getLastLogIndex()).isEqualTo(3);
        append(opened, 4, 4, 2);
        opened.shutdown();
        SegmentLogStorage again = open();
        assertThat(again.getLastLogIndex()).isEqualTo(4);
        again.shutdown();
    }

    @Test
    void takesEarlierRecordsBehindTheEndForATornTail() throws IOException {
        SegmentLogStorage log = open();
        append(log, 1, 3, 1);
        log.shutdown();
        int second = (int) endOfRecords();
        log = open();
        append(log, 4, 9, 1);
        log.shutdown();
        int end = (int) endOfRecords();
        byte[] whole = Files.readAllBytes(file());
        System.arraycopy(whole, second, whole, end, end - second);
        Files.write(file(), whole);

        SegmentLogStorage opened = open();
        assertThat(opened.getLastLogIndex()).isEqualTo(9);
        append(opened, 10, 10, 2);
        opened.shutdown();
        SegmentLogStorage again = open();
        assertThat(text(again, 10)).isEqualTo("entry 10 of term 2");
        again.shutdown();
    }

    @Test
    void refusesALogThatIsDamagedBeforeItsLastBatch() throws IOException {
        SegmentLogStorage log = open();
        append(log, 1, 3, 1);
        append(log, 4, 6, 1);
        log.shutdown();
        flip(24 + 45);

        var refused = new SegmentLogStorage(directory, nanos -> {});
        assertThat(refused.init(options(new ConfigurationManager()))).isFalse();
        assertThat(refused.failure()).isInstanceOf(LogCorruptException.class);
        assertThat(refused.failure()).hasMessageContaining("damaged at byte 24");
        refused.shutdown();
    }

    @Test
    void forgetsEntriesAtBothEnds() {
        SegmentLogStorage log = open();
        append(log, 1, 100, 1);
        assertThat(log.truncateSuffix(60)).isTrue();
        assertThat(log.getLastLogIndex()).isEqualTo(60);
        assertThat(log.truncatePrefix(20)).isTrue();
        assertThat(log.getFirstLogIndex()).isEqualTo(20);
        assertThat(log.getEntry(19)).isNull();
        append(log, 61, 70, 3);
        log.shutdown();

        SegmentLogStorage again = open();
        assertThat(again.getLastLogIndex()).isEqualTo(70);
        assertThat(text(again, 60)).isEqualTo("entry 60 of term 1");
        assertThat(text(again, 61)).isEqualTo("entry 61 of term 3");
        again.shutdown();
    }

    @Test
    void beginsAnewBehindASnapshot() {
        SegmentLogStorage log = open();
        append(log, 1, 10, 1);
        assertThat(log.truncatePrefix(501)).isTrue();
        assertThat(log.getFirstLogIndex()).isEqualTo(501);
        assertThat(log.getLastLogIndex()).isEqualTo(500);
        append(log, 501, 505, 4);
        log.shutdown();

        SegmentLogStorage again = open();
        assertThat(again.getFirstLogIndex()).isEqualTo(501);
        assertThat(again.getLastLogIndex()).isEqualTo(505);
        again.shutdown();
    }

    @Test
    void givesTheNewestEntriesWithoutTheirFile() throws IOException {
        SegmentLogStorage log = open();
        append(log, 1, 20, 1);
        append(log, 21, 22, 2);
        Files.delete(file());

        for (int i = 0; i < 2; i++) {
            assertThat(text(log, 22)).isEqualTo("entry 22 of term 2");
            assertThat(Objects.requireNonNull(log.getEntry(22)).getId())
                    .isEqualTo(new LogId(22, 2));
        }
        assertThat(text(log, 20)).isEqualTo("entry 20 of term 1");
        assertThat(log.getEntry(23)).isNull();
        log.shutdown();
    }

    @Test
    void givesWhatWasWrittenInPlaceOfWhatWasCutOff() {
        SegmentLogStorage log = open();
        append(log, 1, 10, 1);
        assertThat(log.truncateSuffix(7)).isTrue();
        assertThat(log.getEntry(8)).isNull();
        assertThat(text(log, 7)).isEqualTo("entry 7 of term 1");
        append(log, 8, 9, 2);

        assertThat(text(log, 8)).isEqualTo("entry 8 of term 2");
        assertThat(log.getEntry(10)).isNull();
        assertThat(log.reset(9)).isTrue();
        assertThat(log.getEntry(9)).isNull();
        append(log, 9, 9, 3);
        assertThat(text(log, 9)).isEqualTo("entry 9 of term 3");
        log.shutdown();
    }

    @Test
    void givesAnEntryBehindAChangeOfMembers() {
        SegmentLogStorage log = open();
        append(log, 1, 2, 1);
        var members = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
        members.setId(new LogId(3, 1));
        members.setPeers(List.of(new PeerId("a1", 1)));
        log.appendEntry(members);
        append(log, 4, 4, 1);

        assertThat(text(log, 2)).isEqualTo("entry 2 of term 1");
        assertThat(Objects.requireNonNull(log.getEntry(3)).getPeers()).hasSize(1);
        assertThat(text(log, 4)).isEqualTo("entry 4 of term 1");
        log.shutdown();
    }

    @Test
    void rollsOverToFurtherFilesAndDropsThemWhole() throws IOException {
        SegmentLogStorage log = open();
        byte[] large = new byte[8 << 20];
        new Random(1).nextBytes(large);
        for (long index = 1; index <= 10; index++) {
            var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
            entry.setId(new LogId(index, 1));
            entry.setData(ByteBuffer.wrap(large));
            log.appendEntry(entry);
        }
        log.shutdown();
        assertThat(files()).hasSizeGreaterThan(2);

        SegmentLogStorage again = open();
        assertThat(again.getLastLogIndex()).isEqualTo(10);
        LogEntry last = Objects.requireNonNull(again.getEntry(10));
        assertThat(last.getData()).isEqualTo(ByteBuffer.wrap(large));
        again.truncatePrefix(10);
        again.shutdown();
        assertThat(files()).hasSize(1);
    }

    @Test
    void missesALostFileInTheMiddle() throws IOException {
        rollsOverToFurtherFilesAndDropsThemWholePrepare();
        Files.delete(files().get(1));
        var refused = new SegmentLogStorage(directory, nanos -> {});
        assertThat(refused.init(options(new ConfigurationManager()))).isFalse();
        assertThat(refused.failure()).hasMessageContaining("lacks entries");
        refused.shutdown();
    }

    private void rollsOverToFurtherFilesAndDropsThemWholePrepare() {
        SegmentLogStorage log = open();
        for (long index = 1; index <= 10; index++) {
            var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
            entry.setId(new LogId(index, 1));
            entry.setData(ByteBuffer.allocate(12 << 20));
            log.appendEntry(entry);
        }
        log.shutdown();
    }

    private SegmentLogStorage open() {
        return open(new ConfigurationManager());
    }

    private SegmentLogStorage open(ConfigurationManager configurations) {
        var log = new SegmentLogStorage(directory, nanos -> {});
        assertThat(log.init(options(configurations))).as(String.valueOf(log.failure())).isTrue();
        return log;
    }

    private static LogStorageOptions options(ConfigurationManager configurations) {
        var options = new LogStorageOptions();
        options.setConfigurationManager(configurations);
        return options;
    }

    private static void append(SegmentLogStorage log, long from, long to, long term) {
        var entries = new ArrayList<LogEntry>();
        for (long index = from; index <= to; index++) {
            var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
            entry.setId(new LogId(index, term));
            String data = "entry " + index + " of term " + term;
            entry.setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)));
            entries.add(entry);
        }
        assertThat(log.appendEntries(entries)).isEqualTo(entries.size());
    }

    private static String text(SegmentLogStorage log, long index) {
        LogEntry entry = Objects.requireNonNull(log.getEntry(index));
        return StandardCharsets.UTF_8.decode(entry.getData()).toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> listing = Files.list(directory)) {
            return listing.sorted().toList();
        }
    }

    private Path file() throws IOException {
        return files().getLast();
    }

    private long endOfRecords() throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return (end + 7L) & -8L;
    }

    private void flip(long position) throws IOException {
        try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.seek(position);
            int b = bytes.read();
            bytes.seek(position);
            bytes.write(b ^ 0x40);
        }
    }
}
