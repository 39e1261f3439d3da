package io.skerry.etcd.server;

import io.etcd.jetcd.api.CompactionRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.etcd.server.auth.Caller;
import io.skerry.etcd.server.compaction.AutoCompaction;
import io.skerry.etcd.server.compaction.Retention;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.time.Duration;

/** Compacts by itself while this member leads; one thread. */
final class AutoCompactor implements AutoCloseable {
    private static final Log LOG = Log.of(AutoCompactor.class);

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final MonotonicClock clock = MonotonicClock.system();
    private final AutoCompaction compaction;
    private final Thread thread;

    private AutoCompactor(EtcdStateMachine store, ReplicatedLog log, Retention retention) {
        this.store = store;
        this.log = log;
        this.compaction = new AutoCompaction(retention, clock.now());
        this.thread = Thread.ofVirtual().name("auto-compactor").unstarted(this::run);
    }

    /** Starts; the first compaction comes when the retention has passed. */
    static AutoCompactor start(EtcdStateMachine store, ReplicatedLog log, Retention retention) {
        var compactor = new AutoCompactor(store, log, retention);
        if (!(retention instanceof Retention.Everything)) {
            compactor.thread.start();
        }
        return compactor;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(compaction.interval());
                var target =
                        compaction.decide(clock.now(), store.revision(), log.status().leader());
                if (target.isPresent()) {
                    compact(target.getAsLong());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("auto compaction ends");
        }
    }

    private void compact(long revision) {
        var command =
                new Command.Compact(CompactionRequest.newBuilder().setRevision(revision).build());
        Duration started = clock.now();
        try {
            var result = log.propose(new Command.As(Caller.STORE, command).encode()).join();
            // Out of range: somebody has compacted further already.
            if (result.code() == GrpcCode.OK || result.code() == GrpcCode.OUT_OF_RANGE) {
                compaction.compacted(revision, clock.now());
                LOG.info(
                        "compacted automatically",
                        "revision",
                        revision,
                        "took",
                        clock.now().minus(started));
            } else {
                LOG.warn(
                        "auto compaction was refused",
                        "revision",
                        revision,
                        "reason",
                        result.message());
            }
        } catch (RuntimeException e) {
            LOG.warn("auto compaction failed and is tried again", "revision", revision, e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
