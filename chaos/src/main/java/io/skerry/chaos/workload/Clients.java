package io.skerry.chaos.workload;

import io.skerry.base.grpc.GrpcTransport;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.chaos.history.History;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** All clients of a run. */
public final class Clients implements AutoCloseable {
    private final Network network = Network.start(2);
    private final List<GrpcTransport> members;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * Connects nobody yet.
     *
     * @param endpoints the members' client URLs
     */
    public Clients(List<URI> endpoints) throws IOException {
        this.members = connect(endpoints);
    }

    private List<GrpcTransport> connect(List<URI> endpoints) throws IOException {
        var made = new ArrayList<GrpcTransport>();
        for (URI endpoint : endpoints) {
            made.add(
                    new NetworkTransport(
                            network, NetworkTransport.Options.of(List.of(endpoint), null)));
        }
        return made;
    }

    public GrpcTransport member(int i) {
        return members.get(i);
    }

    /** Starts the clients; each has its own chance from the seed. */
    public void start(Collection<Workload> workloads, long seed, History history) {
        int number = 0;
        var seeds = new Random(seed);
        for (Workload workload : Workload.values()) {
            var made = new AtomicLong();
            for (int i = 0; i < workload.clients(); i++) {
                long own = seeds.nextLong();
                if (!workloads.contains(workload)) {
                    continue;
                }
                var context =
                        new ClientContext(
                                number, new Random(own), members, history, made, () -> stopped);
                Workload.Runner runner = workload.runner();
                threads.add(
                        Thread.ofVirtual()
                                .name(workload.label() + " " + number)
                                .start(() -> run(runner, context)));
                number++;
            }
        }
    }

    private void run(Workload.Runner runner, ClientContext context) {
        try {
            runner.run(context);
        } catch (InterruptedException e) {
            // Nobody waits for it any more.
        } catch (RuntimeException e) {
            synchronized (failures) {
                failures.add(Thread.currentThread().getName() + ": " + e);
            }
        }
    }

    /** Lets the clients finish what they do. */
    public void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Clients that ended by a mistake of their own, after {@link #stop}. */
    public List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
        members.forEach(GrpcTransport::close);
        network.close();
    }
}
