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
        CompletableFuture<JobResult> result =
                callFound(job == null ? Map.of() : Map.of("", job)).get("");
        return result == null ? new CompletableFuture<>() : result;
    }

    /**
     * The call named these jobs, or failed and has none.
     *
     * @param named by what the caller likes
     */
    synchronized Map<String, CompletableFuture<JobResult>> callFound(Map<String, String> named) {
        Map<String, CompletableFuture<JobResult>> results = new HashMap<>();
        named.forEach((name, job) -> {
            JobResult early = endedEarly.get(job);
            // systemd gives a job that waits already to whoever asks for the same again.
            results.put(
                    name,
                    early == null
                            ? awaited.computeIfAbsent(job, j -> new CompletableFuture<>())
                            : CompletableFuture.completedFuture(early));
        });
        callsUnderWay--;
        if (callsUnderWay == 0) {
            endedEarly.clear();
        }
        return results;
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
