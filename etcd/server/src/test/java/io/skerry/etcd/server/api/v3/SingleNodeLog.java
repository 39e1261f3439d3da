package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.consensus.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A log that keeps nothing and whose only member leads: for tests of what stands on a log. */
final class SingleNodeLog implements ReplicatedLog {
    static final long CLUSTER = 0xC1;
    static final long MEMBER = 0xA1;
    private static final long TERM = 2;

    private record Proposal(ByteString command, CompletableFuture<CommandResult> result) {}

    private final StateMachine machine;
    private final Map<String, Function<ByteString, CompletionStage<ByteString>>> handlers =
            new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Proposal> queue = new LinkedBlockingQueue<>();
    private final Thread applier;
    private final AtomicReference<Runnable> beforeRead = new AtomicReference<>(() -> {});
    private volatile boolean closed;

    SingleNodeLog(StateMachine machine) {
        this.machine = machine;
        this.applier = Thread.ofPlatform().daemon().name("applier").unstarted(this::applyAll);
    }

    void start() {
        applier.start();
    }

    private void applyAll() {
        machine.leadership(TERM, true);
        var batch = new ArrayList<Proposal>();
        while (!closed) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                return;
            }
            queue.drainTo(batch);
            var results =
                    machine.apply(
                            machine.appliedIndex() + 1,
                            TERM,
                            batch.stream().map(Proposal::command).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result.complete(results.get(i));
            }
            batch.clear();
        }
    }

    @Override
    public CompletableFuture<CommandResult> propose(ByteString command) {
        var result = new CompletableFuture<CommandResult>();
        queue.add(new Proposal(command, result));
        return result;
    }

    /** Something that happens elsewhere before the next read is answered. */
    void beforeNextRead(Runnable happening) {
        beforeRead.set(happening);
    }

    @Override
    public CompletableFuture<Long> readIndex() {
        beforeRead.getAndSet(() -> {}).run();
        return CompletableFuture.completedFuture(machine.appliedIndex());
    }

    @Override
    public RaftStatus status() {
        long index = machine.appliedIndex();
        var member =
                new RaftStatus.Member(
                        MEMBER,
                        "default",
                        List.of("http://127.0.0.1:2380"),
                        List.of("http://127.0.0.1:2379"));
        return new RaftStatus(CLUSTER, MEMBER, TERM, MEMBER, 0, index, index, List.of(member));
    }

    @Override
    public CompletableFuture<ByteString> askLeader(String service, ByteString request) {
        var handler = handlers.get(service);
        if (handler == null) {
            throw new IllegalArgumentException("nobody answers " + service);
        }
        return handler.apply(request).toCompletableFuture();
    }

    @Override
    public void onAsk(String service, Function<ByteString, CompletionStage<ByteString>> handler) {
        handlers.put(service, handler);
    }

    @Override
    public CompletableFuture<Duration> silenceBefore(long term) {
        return CompletableFuture.failedFuture(
                new GrpcException(GrpcCode.UNAVAILABLE, "nobody else votes"));
    }

    @Override
    public void close() {
        closed = true;
        applier.interrupt();
        try {
            applier.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
