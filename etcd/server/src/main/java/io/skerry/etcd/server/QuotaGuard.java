package io.skerry.etcd.server;

import io.skerry.base.log.Log;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Raises the NOSPACE alarm when this member's store holds more than its quota. What counts is what
 * the file holds, not its size: gaps are filled again by themselves.
 *
 * <p>Looks after each commit, which comes each second and each time some tens of megabytes have
 * been written: by so much the quota can be exceeded, and a put costs nothing more.
 */
final class QuotaGuard {
    private static final Log LOG = Log.of(QuotaGuard.class);

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final long quotaBytes;
    private final AtomicBoolean proposing = new AtomicBoolean();

    private QuotaGuard(EtcdStateMachine store, ReplicatedLog log, long quotaBytes) {
        this.store = store;
        this.log = log;
        this.quotaBytes = quotaBytes;
    }

    /** Watches from now on; 0 bytes: there is no quota. */
    static void watch(EtcdStateMachine store, ReplicatedLog log, long quotaBytes) {
        if (quotaBytes > 0) {
            store.onMeasured(new QuotaGuard(store, log, quotaBytes)::measured);
        }
    }

    private void measured(long bytesInUse) {
        if (bytesInUse < quotaBytes) {
            return;
        }
        long member = log.status().memberId();
        var alarm = new Alarm(member, Alarm.Kind.NOSPACE);
        if (store.alarms().contains(alarm) || !proposing.compareAndSet(false, true)) {
            return;
        }
        LOG.error(
                "store exceeds its quota: puts are refused until data is deleted, compacted and the"
                        + " alarm disarmed",
                "bytesInUse",
                bytesInUse,
                "quotaBytes",
                quotaBytes);
        // Without a leader it fails; the next commit tries again.
        var _ =
                log.propose(Command.Alarm.byStore(alarm.activation()).encode())
                        .whenComplete((_, _) -> proposing.set(false));
    }
}
