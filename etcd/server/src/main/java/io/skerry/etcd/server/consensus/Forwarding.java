package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches of a follower's commands on their way to the leader and back. Each command has its own
 * outcome; the follower hands it out only after it has itself applied the command.
 */
final class Forwarding {
    static final int REQUEST = 32;
    private static final int RESPONSE = 33;
    private static final byte APPLIED = 0;
    private static final byte FAILED = 1;

    /** Pause before commands go to a leader that was not (yet) one. */
    private static final long RETRY_MILLIS = 20;

    private final PeerNetwork network;
    private final GroupCommit commit;
    private final AppliedIndex applied;
    private final ScheduledExecutorService timer;
    private final Duration timeout;
    private final BooleanSupplier diskFull;

    Forwarding(
            PeerNetwork network,
            GroupCommit commit,
            AppliedIndex applied,
            ScheduledExecutorService timer,
            Duration timeout,
            BooleanSupplier diskFull) {
        this.network = network;
        this.commit = commit;
        this.applied = applied;
        this.timer = timer;
        this.timeout = timeout;
        this.diskFull = diskFull;
        network.handle(REQUEST, this::serve);
    }

    /** Sends a batch to the leader. */
    void send(GroupCommit.Batch batch, long leader) {
        List<ByteString> commands = batch.proposals.stream().map(Proposal::command).toList();
        var payload = UnsafeByteOperations.unsafeWrap(CommandBatch.encode(commands));
        var _ =
                network.request(leader, Lane.FORWARD, REQUEST, payload, timeout)
                        .whenComplete((response, failure) -> {
                            if (response != null) {
                                answered(batch, response.payload().asReadOnlyByteBuffer());
                            } else {
                                unanswered(batch, GrpcException.from(failure));
                            }
                        });
    }

    private void unanswered(GroupCommit.Batch batch, GrpcException failure) {
        if (Failures.isNotProposed(failure)) {
            tryAgain(batch, batch.proposals);
        } else if (failure.code() == GrpcCode.RESOURCE_EXHAUSTED) {
            commit.lost(batch, failure);
        } else if (failure.code() == GrpcCode.UNAVAILABLE) {
            commit.lost(batch, Failures.connectionLost());
        } else {
            commit.lost(batch, Failures.timedOut());
        }
    }

    private void tryAgain(GroupCommit.Batch batch, List<Proposal> proposals) {
        // The slot stays taken for the pause, or the same commands would go round without it.
        commit.returned(proposals);
        var _ = timer.schedule(() -> commit.finished(batch), RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void answered(GroupCommit.Batch batch, ByteBuffer in) {
        var again = new ArrayList<Proposal>();
        try {
            for (Proposal proposal : batch.proposals) {
                if (in.get() == APPLIED) {
                    long index = in.getLong();
                    var result =
                            new CommandResult(GrpcCode.of(in.get()), readString(in), readBytes(in));
                    var _ =
                            applied.await(index)
                                    .whenComplete((_, stopped) -> {
                                        var outcome = proposal.outcome();
                                        if (stopped == null) {
                                            outcome.complete(new Proposal.Applied(index, result));
                                        } else {
                                            outcome.completeExceptionally(stopped);
                                        }
                                    });
                } else {
                    var failure = new GrpcException(GrpcCode.of(in.get()), readString(in));
                    if (Failures.isNotProposed(failure)) {
                        again.add(proposal);
                    } else {
                        // It is the leader that stops, not this member.
                        proposal.outcome()
                                .completeExceptionally(
                                        Failures.isStopped(failure)
                                                ? Failures.leaderChanged()
                                                : failure);
                    }
                }
            }
        } catch (BufferUnderflowException e) {
            commit.lost(batch, Failures.connectionLost());
            return;
        }
        if (again.isEmpty()) {
            commit.finished(batch);
        } else {
            tryAgain(batch, again);
        }
    }

    private void serve(PeerRequest request) {
        List<ByteString> commands;
        try {
            commands = CommandBatch.decode(request.payload().asReadOnlyByteBuffer());
        } catch (RuntimeException e) {
            request.channel().close("its commands cannot be read");
            return;
        }
        if (diskFull.getAsBoolean()) {
            request.fail(Failures.diskFull());
            return;
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        var outcomes = new ArrayList<CompletableFuture<Proposal.Applied>>(commands.size());
        for (ByteString command : commands) {
            var outcome = new CompletableFuture<Proposal.Applied>();
            outcomes.add(outcome);
            commit.offer(new Proposal(command, true, deadline, outcome));
        }
        var _ =
                CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                        .whenComplete((done, failure) -> request.reply(RESPONSE, encode(outcomes)));
    }

    private static ByteString encode(List<CompletableFuture<Proposal.Applied>> outcomes) {
        var out = ByteString.newOutput();
        for (var outcome : outcomes) {
            ByteBuffer head;
            @Nullable ByteString body = null;
            if (outcome.isCompletedExceptionally()) {
                GrpcException failure = GrpcException.from(outcome.exceptionNow());
                byte[] message = bytes(String.valueOf(failure.getMessage()));
                head = ByteBuffer.allocate(2 + Integer.BYTES + message.length);
                head.put(FAILED).put((byte) failure.code().number());
                head.putInt(message.length).put(message);
            } else {
                Proposal.Applied done = outcome.join();
                byte[] message = bytes(done.result().message());
                body = done.result().response();
                head = ByteBuffer.allocate(2 + Long.BYTES + 2 * Integer.BYTES + message.length);
                head.put(APPLIED).putLong(done.index());
                head.put((byte) done.result().code().number());
                head.putInt(message.length).put(message).putInt(body.size());
            }
            out.write(head.array(), 0, head.position());
            if (body != null) {
                byte[] copied = body.toByteArray();
                out.write(copied, 0, copied.length);
            }
        }
        return out.toByteString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String readString(ByteBuffer in) {
        return readBytes(in).toStringUtf8();
    }

    private static ByteString readBytes(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return ByteString.copyFrom(in, size);
    }
}
