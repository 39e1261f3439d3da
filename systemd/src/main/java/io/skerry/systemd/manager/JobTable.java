package io.skerry.systemd.manager;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that somebody waits for. systemd names a job only in the reply to the call that queued it,
 * and that reply and the job's end come in on different threads: an end that is heard while a call
 * is under way is kept until all such calls know their jobs. Thread-safe.
 */
final class JobTable {
    private final Map<String, CompletableFuture<JobResult>> awaited = new HashMap<>();
    private final Map<String, JobResult> endedEarly = new HashMap<>();
    private int callsUnderWay;

    /** Announces a call that will name a job; to be followed by {@link #callEnded}. */
    synchronized void callBegins() {
        callsUnderWay++;
    }

    /** The call named its job, or failed and has none. */
    CompletableFuture<JobResult> callEnded(@Nullable String job) {
        var result = new CompletableFuture<JobResult>();
        JobResult known = null;
        synchronized (this) {
            callsUnderWay--;
            if (job != null) {
                known = endedEarly.remove(job);
                if (known == null) {
                    awaited.put(job, result);
                }
            }
            if (callsUnderWay == 0) {
                endedEarly.clear();
            }
        }
        if (known != null) {
            result.complete(known);
        }
        return result;
    }

    /** systemd removed a job, ours or another's. */
    void jobRemoved(String job, JobResult result) {
        CompletableFuture<JobResult> waiting;
        synchronized (this) {
            waiting = awaited.remove(job);
            if (waiting == null && callsUnderWay > 0) {
                endedEarly.put(job, result);
            }
        }
        if (waiting != null) {
            waiting.complete(result);
        }
    }

    /** The bus was lost: no job's end will be heard. */
    void failAll(SystemdException reason) {
        List<CompletableFuture<JobResult>> waiting;
        synchronized (this) {
            waiting = List.copyOf(awaited.values());
            awaited.clear();
            endedEarly.clear();
        }
        waiting.forEach(each -> each.completeExceptionally(reason));
    }
}
