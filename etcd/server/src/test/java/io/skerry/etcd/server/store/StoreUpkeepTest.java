package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreUpkeepTest {
    @TempDir private Path directory;

    @Test
    void tellsOfAFileThatCannotBeWrittenWithoutBeingAsked() throws Exception {
        var path = directory.resolve("store");
        var file = StoreFile.open(path, 4);
        var upkeep = new StoreUpkeep(path, StoreOptions.DEFAULT, file, () -> {});
        var told = new CompletableFuture<String>();
        upkeep.onBroken(told::complete);
        upkeep.start();

        file.close();
        upkeep.writer().lock();
        try {
            upkeep.changed();
        } finally {
            upkeep.writer().unlock();
        }

        assertThat(told.get(60, TimeUnit.SECONDS)).startsWith("the store's file cannot be written");
        assertThatThrownBy(upkeep::checkWorking).isInstanceOf(EngineFailedException.class);
        var late = new CompletableFuture<String>();
        upkeep.onBroken(late::complete);
        assertThat(late).isCompleted();
        upkeep.close();
    }

    @Test
    void aWriteWaitsForADiskThatDoesNotTakeIt() throws Exception {
        var disk = new DiskRoom(directory.resolve("store"));
        assertThat(disk.takes(0)).isTrue();
        assertThat(disk.takes(Long.MAX_VALUE / 2)).isFalse();
        assertThat(disk.takes(0)).isTrue();
    }
}
