package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A state machine that keeps all commands in order. It forgets on a crash what it has not flushed,
 * as a real one may. The result of a command is its position in the ledger.
 */
final class LedgerMachine implements StateMachine {
    private final Path file;
    private final List<ByteString> entries = new ArrayList<>();
    private long applied;
    private boolean leads;

    LedgerMachine(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                load(in);
            }
        }
    }

    @Override
    public synchronized long appliedIndex() {
        return applied;
    }

    @Override
    public synchronized List<CommandResult> apply(
            long index, long term, List<ByteString> commands) {
        if (index <= applied) {
            throw new IllegalStateException("entry " + index + " is applied twice");
        }
        applied = index;
        var results = new ArrayList<CommandResult>();
        for (ByteString command : commands) {
            if (command.toStringUtf8().startsWith("refuse")) {
                results.add(CommandResult.refused(GrpcCode.NOT_FOUND, "etcdserver: refused"));
            } else {
                entries.add(command);
                results.add(
                        CommandResult.ok(ByteString.copyFromUtf8(String.valueOf(entries.size()))));
            }
        }
        return results;
    }

    synchronized List<String> entries() {
        return entries.stream().map(ByteString::toStringUtf8).toList();
    }

    synchronized boolean leads() {
        return leads;
    }

    @Override
    public synchronized void leadership(long term, boolean leader) {
        leads = leader;
    }

    @Override
    public synchronized void flush() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            writeSnapshot(out);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        var bytes = new ByteArrayOutputStream();
        synchronized (this) {
            var data = new DataOutputStream(bytes);
            data.writeLong(applied);
            data.writeInt(entries.size());
            for (ByteString entry : entries) {
                data.writeInt(entry.size());
                entry.writeTo(data);
            }
        }
        bytes.writeTo(out);
    }

    @Override
    public synchronized void readSnapshot(InputStream in) throws IOException {
        load(in);
        flush();
    }

    private void load(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        long index = data.readLong();
        int count = data.readInt();
        var read = new ArrayList<ByteString>();
        for (int i = 0; i < count; i++) {
            byte[] entry = new byte[data.readInt()];
            data.readFully(entry);
            read.add(ByteString.copyFrom(entry));
        }
        entries.clear();
        entries.addAll(read);
        applied = index;
    }
}
