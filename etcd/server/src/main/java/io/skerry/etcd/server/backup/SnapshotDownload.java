package io.skerry.etcd.server.backup;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.skerry.base.file.WholeFile;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Receives a snapshot into a file. */
final class SnapshotDownload implements GrpcInbound<SnapshotResponse> {
    private static final long PATIENCE_SECONDS = 60;

    private sealed interface Part {
        record Blob(ByteString bytes) implements Part {}

        record End(@Nullable GrpcException reason) implements Part {}
    }

    private final LinkedBlockingQueue<Part> parts = new LinkedBlockingQueue<>();

    private SnapshotDownload() {}

    /**
     * Returns when the file is whole and on the device.
     *
     * @throws IOException if the server refuses, falls silent or the file cannot be written
     */
    static void save(GrpcTransport transport, Path file) throws IOException, InterruptedException {
        var download = new SnapshotDownload();
        var out = transport.stream(EtcdMethods.SNAPSHOT, download);
        out.send(SnapshotRequest.getDefaultInstance().toByteString());
        out.complete();
        try (var channel = WholeFile.begin(file);
                var target = Channels.newOutputStream(channel)) {
            download.writeTo(target);
            channel.force(true);
        }
    }

    private void writeTo(OutputStream target) throws IOException, InterruptedException {
        while (true) {
            switch (parts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                case null ->
                        throw new IOException(
                                "the server has sent nothing for " + PATIENCE_SECONDS + " seconds");
                case Part.Blob(var bytes) -> bytes.writeTo(target);
                case Part.End(var reason) -> {
                    if (reason != null) {
                        throw new IOException(
                                "the snapshot cannot be taken: " + reason.getMessage(), reason);
                    }
                    return;
                }
            }
        }
    }

    @Override
    public void message(SnapshotResponse message) {
        parts.add(new Part.Blob(message.getBlob()));
    }

    @Override
    public void halfClosed() {}

    @Override
    public void closed(@Nullable GrpcException reason) {
        parts.add(new Part.End(reason));
    }
}
