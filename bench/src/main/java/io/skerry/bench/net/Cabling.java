package io.skerry.bench.net;

import io.skerry.base.process.Command;
import io.skerry.flannel.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Network namespaces by name, each with a thread of this program in it, and joined by commands of
 * iproute2. The machine's own network is not touched. Needs root.
 */
final class Cabling implements AutoCloseable {
    private final String run = "skerry-bench-" + ProcessHandle.current().pid() + "-";
    private final Deque<Place> places = new ArrayDeque<>();
    private boolean closed;

    /** A namespace of it. */
    record Place(String name, NetworkNamespace thread, Queue<Process> started) {
        /** Commands of iproute2, a line each. */
        void ip(String... commands) throws IOException, InterruptedException {
            Command.of("ip", "-n", name, "-batch", "-")
                    .stdin(String.join("\n", commands) + "\n")
                    .check();
        }

        /** A process there. */
        Process start(List<String> command, Path log) throws IOException {
            var inside = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
            inside.addAll(command);
            Process process =
                    new ProcessBuilder(inside)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            started.add(process);
            return process;
        }
    }

    synchronized Place add(String suffix) throws Exception {
        if (closed) {
            throw new IOException("the benchmark was ended");
        }
        String name = run + suffix;
        Command.of("ip", "netns", "add", name).check();
        var place = new Place(name, new NetworkNamespace(name), new ConcurrentLinkedQueue<>());
        places.push(place);
        return place;
    }

    /** Removes a namespace with all that is in it; its processes must have ended. */
    synchronized void remove(Place place) throws IOException, InterruptedException {
        if (places.remove(place)) {
            place.thread().close();
            Command.of("ip", "netns", "del", place.name()).check();
        }
    }

    /** Ends what still runs there and removes all; safe to call twice. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        try {
            while (!places.isEmpty()) {
                Place place = places.peek();
                place.started().forEach(Processes::end);
                remove(place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
