package io.skerry.fleet.ctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same for many units, a few at a time, and goes on when it fails for one of them. */
final class Parallel {
    private static final int AT_A_TIME = 8;

    private Parallel() {}

    /** What is done for one unit. */
    @FunctionalInterface
    interface Step<T, R> {
        R apply(T item) throws CtlException, IOException, InterruptedException;
    }

    /**
     * The results in the order of the items.
     *
     * @throws CtlException with the messages of all that failed, after the others were done
     */
    static <T, R> List<R> map(List<T> items, Step<T, R> step)
            throws CtlException, IOException, InterruptedException {
        if (items.size() == 1) {
            return List.of(step.apply(items.getFirst()));
        }
        var results = new ArrayList<R>();
        var complaints = new ArrayList<String>();
        try (var executor = Executors.newFixedThreadPool(AT_A_TIME, Background::unstarted)) {
            var running = new ArrayList<Future<R>>();
            for (T item : items) {
                running.add(executor.submit(() -> step.apply(item)));
            }
            for (Future<R> future : running) {
                try {
                    results.add(future.get());
                } catch (ExecutionException e) {
                    complaints.addAll(lines(e));
                }
            }
        }
        if (!complaints.isEmpty()) {
            throw CtlException.failed(complaints.stream().distinct().toList());
        }
        return results;
    }

    private static List<String> lines(ExecutionException failure) throws InterruptedException {
        return switch (failure.getCause()) {
            case CtlException e -> e.lines();
            case IOException e -> List.of(String.valueOf(e.getMessage()));
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case null, default -> throw new IllegalStateException(failure);
        };
    }
}
