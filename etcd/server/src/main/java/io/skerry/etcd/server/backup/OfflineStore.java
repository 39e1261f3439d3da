package io.skerry.etcd.server.backup;

import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The store in a data directory whose member is stopped. */
final class OfflineStore implements AutoCloseable {
    private final FileChannel lock;
    private final EtcdStateMachine store;

    private OfflineStore(FileChannel lock, EtcdStateMachine store) {
        this.lock = lock;
        this.store = store;
    }

    /**
     * Opens it and keeps every member off.
     *
     * @throws IOException if there is no store, or a member has it open
     */
    static OfflineStore open(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve("store.db");
        if (!Files.exists(file)) {
            throw new IOException("--data-dir: " + dataDirectory + " holds no store");
        }
        var channel =
                FileChannel.open(
                        dataDirectory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            @Nullable FileLock held = channel.tryLock();
            if (held == null) {
                throw new IOException(
                        "--data-dir: " + dataDirectory + " is in use by a member; stop it first");
            }
            return new OfflineStore(channel, EtcdStateMachine.open(file, StoreOptions.DEFAULT));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    EtcdStateMachine store() {
        return store;
    }

    @Override
    public void close() throws IOException {
        store.close();
        lock.close();
    }
}
