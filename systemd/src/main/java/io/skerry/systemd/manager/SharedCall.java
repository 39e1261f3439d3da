package io.skerry.systemd.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that ask the same of different units at the same time share a call. systemd answers
 * one call after the other, and looks through all directories of unit files for the first unit
 * after a file has come or gone: fifty units that end at once must not cost that fifty times. Each
 * caller gets a call that began after its own request.
 *
 * @param <R> what the call returns for all of its units
 */
final class SharedCall<R> {
    /** Asks systemd. */
    @FunctionalInterface
    interface Call<R> {
        R of(List<String> units) throws SystemdException;
    }

    /** One caller's units and, guarded by the turn, what came of them. */
    private static final class Request<R> {
        private final List<String> units;
        private @Nullable R result;
        private @Nullable SystemdException failure;
        private boolean alone;

        Request(Collection<String> units) {
            this.units = List.copyOf(units);
        }
    }

    private final Call<R> call;
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Guarded by itself. */
    private final List<Request<R>> waiting = new ArrayList<>();

    SharedCall(Call<R> call) {
        this.call = call;
    }

    /** What a call for these units, and maybe others, has returned. */
    R request(Collection<String> units) throws SystemdException {
        var own = new Request<R>(units);
        synchronized (waiting) {
            waiting.add(own);
        }
        turn.lock();
        try {
            if (own.result == null && own.failure == null && !own.alone) {
                askForAll();
            }
            if (own.failure != null) {
                throw own.failure;
            }
            return own.result == null ? call.of(own.units) : own.result;
        } finally {
            turn.unlock();
        }
    }

    /** A refusal may be one unit's, so each then asks for its own; silence is for all. */
    private void askForAll() {
        List<Request<R>> all;
        synchronized (waiting) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(request -> request.alone = true);
        try {
            R result =
                    call.of(
                            all.stream()
                                    .flatMap(request -> request.units.stream())
                                    .distinct()
                                    .toList());
            all.forEach(request -> request.result = result);
        } catch (SystemdException e) {
            if (all.size() == 1 || e.isUnreachable()) {
                all.forEach(request -> request.failure = e);
            }
        }
    }
}
