package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.store.BackupFormat;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreImage;
import io.skerry.etcd.server.store.WorkListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code Maintenance.Snapshot}: a backup as a stream of blobs, each with how much is still to come.
 * Taken at one revision while writes go on; a client that reads slowly slows down only itself.
 */
final class SnapshotService {
    private static final int BLOB_BYTES = 64 * 1024;
    private static final long PATIENCE_SECONDS = 60;

    private final EtcdStateMachine store;
    private final Calls calls;
    private final Identity identity;
    private final Executor writers;

    SnapshotService(EtcdStateMachine store, Calls calls, Identity identity, Executor writers) {
        this.store = store;
        this.calls = calls;
        this.identity = identity;
        this.writers = writers;
    }

    void register(GrpcRouter router) {
        router.stream(EtcdMethods.SNAPSHOT, this::open);
    }

    private GrpcInbound<SnapshotRequest> open(GrpcContext context, GrpcOutbound out) {
        return new Call(context, out);
    }

    /** One snapshot being sent. */
    private final class Call implements GrpcInbound<SnapshotRequest> {
        private final GrpcContext context;
        private final GrpcOutbound out;
        private final Semaphore room = new Semaphore(0);
        private volatile boolean started;
        private volatile boolean gone;

        Call(GrpcContext context, GrpcOutbound out) {
            this.context = context;
            this.out = out;
            out.onReady(room::release);
        }

        @Override
        public void message(SnapshotRequest request) {
            if (!started) {
                started = true;
                var _ =
                        calls.permit(context, Calls.Rule.ROOT)
                                .whenComplete((_, refusal) -> {
                                    if (refusal == null) {
                                        writers.execute(this::send);
                                    } else {
                                        out.fail(GrpcException.from(refusal));
                                    }
                                });
            }
        }

        @Override
        public void halfClosed() {
            if (!started) {
                out.complete();
            }
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            gone = true;
            room.release();
        }

        private void send() {
            long since = System.nanoTime();
            try (StoreImage image = store.image()) {
                var blobs = new Blobs(BackupFormat.bytes(image.bytes()), image.revision());
                BackupFormat.write(image, blobs);
                blobs.flush();
                out.complete();
                store.did(WorkListener.Work.SNAPSHOT, since);
            } catch (IOException | RuntimeException e) {
                if (!gone) {
                    out.fail(GrpcException.from(e));
                }
            }
        }

        /** Cuts what is written into messages and waits where the client does not keep up. */
        private final class Blobs extends OutputStream {
            private final byte[] buffer = new byte[BLOB_BYTES];
            private final long revision;
            private long remaining;
            private int filled;

            Blobs(long total, long revision) {
                this.remaining = total;
                this.revision = revision;
            }

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int done = 0;
                while (done < length) {
                    int part = Math.min(length - done, BLOB_BYTES - filled);
                    System.arraycopy(bytes, offset + done, buffer, filled, part);
                    filled += part;
                    done += part;
                    if (filled == BLOB_BYTES) {
                        flush();
                    }
                }
            }

            @Override
            public void flush() throws IOException {
                if (filled == 0) {
                    return;
                }
                awaitRoom();
                remaining -= filled;
                out.send(
                        SnapshotResponse.newBuilder()
                                .setHeader(identity.header(revision))
                                .setRemainingBytes(remaining)
                                .setBlob(ByteString.copyFrom(buffer, 0, filled))
                                .build()
                                .toByteString());
                filled = 0;
            }

            private void awaitRoom() throws IOException {
                try {
                    while (!gone && !out.ready()) {
                        if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            throw new IOException(
                                    "the client has taken nothing of the snapshot for "
                                            + PATIENCE_SECONDS
                                            + " seconds");
                        }
                    }
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("the server is being stopped");
                }
                if (gone) {
                    throw new IOException("the client is gone");
                }
            }
        }
    }
}
