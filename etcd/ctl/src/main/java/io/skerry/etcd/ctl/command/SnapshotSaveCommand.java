package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.skerry.base.file.FileFault;
import io.skerry.base.file.WholeFile;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Saves a snapshot of a member while it serves. */
public final class SnapshotSaveCommand implements Command {
    @Override
    public String usage() {
        return "FILE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String word = invocation.onlyWord("snapshot save expects one argument");
        var settings = invocation.settings();
        if (settings.endpoints().size() != 1) {
            throw new CtlFailure(
                    ExitStatus.INTERRUPTED,
                    "snapshot must be requested to one selected node, not multiple ["
                            + String.join(" ", settings.endpoints())
                            + "]");
        }
        Path file = Path.of(ByteText.toText(word));
        Path part = Path.of(file + ".part");
        try (var remote = invocation.connect()) {
            try {
                long bytes = download(remote, part);
                WholeFile.name(part, file);
                invocation.console().log("info", "saved " + bytes + " bytes");
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new CtlFailure(
                    ExitStatus.INTERRUPTED, "cannot write " + word + ": " + e.getMessage());
        } catch (GrpcException e) {
            throw new CtlFailure(ExitStatus.INTERRUPTED, Remote.words(e));
        }
        invocation.line("Snapshot saved at " + word);
    }

    /** The file is on the disk when this returns; returns its size. */
    private static long download(Remote remote, Path part)
            throws IOException, GrpcException, InterruptedException, CtlFailure {
        try (var channel = open(part);
                var stream = remote.stream(EtcdMethods.SNAPSHOT)) {
            stream.send(SnapshotRequest.getDefaultInstance());
            stream.complete();
            long left = -1;
            for (Optional<SnapshotResponse> next = stream.next();
                    next.isPresent();
                    next = stream.next()) {
                for (var buffer : next.get().getBlob().asReadOnlyByteBufferList()) {
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
                left = next.get().getRemainingBytes();
            }
            if (left > 0) {
                throw new CtlFailure(
                        ExitStatus.INTERRUPTED, "the snapshot ended " + left + " bytes too early");
            }
            channel.force(true);
            return channel.size();
        }
    }

    private static FileChannel open(Path part) throws IOException, CtlFailure {
        try {
            return WholeFile.begin(part);
        } catch (FileSystemException e) {
            throw new CtlFailure(
                    ExitStatus.INTERRUPTED,
                    "could not open %1$s (open %1$s: %2$s)"
                            .formatted(ByteText.ofText(part.toString()), FileFault.reason(e)));
        }
    }
}
