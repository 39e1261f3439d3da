package io.skerry.fleet.api;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.fleet.access.AccessRules;
import io.skerry.systemd.journal.JournalException;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The API of two hosts over one registry, each on a listener of its own on loopback: what a request
 * to the first says of a unit on the second is passed on for real.
 */
public final class ServedApi implements AutoCloseable {
    /** Machine ids of the two hosts. */
    public static final String FIRST = "11111111111111111111111111111111";

    /** The other one. */
    public static final String SECOND = "22222222222222222222222222222222";

    /** Of units of which systemctl's is not 0. */
    private static final Map<String, Integer> EXIT_STATUSES =
            Map.of("failed.service", 3, "ghost.service", 4);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final MemoryRegistry registry = new MemoryRegistry();
    private final AtomicReference<@Nullable String> barring = new AtomicReference<>();
    private final Network network = Network.start(1);
    private final Map<String, HttpListener> listeners = new HashMap<>();
    private final AccessRules access;
    private final List<FleetApi> apis;

    /** Starts both. */
    public ServedApi() throws IOException {
        this(AccessRules.OPEN);
    }

    /** Starts both with rules of who may do what. */
    public ServedApi(AccessRules access) throws IOException {
        this.access = access;
        apis = List.of(api(FIRST), api(SECOND));
        serve(FIRST, apis.getFirst());
        serve(SECOND, apis.getLast());
    }

    private FleetApi api(String machineId) {
        return new FleetApi(
                registry,
                new FakeHost(machineId, barring),
                machine -> new BlockingHttp(url(machine.id()), null, TIMEOUT),
                access,
                FleetApi.DEFAULT_PAGE_SIZE,
                new Metrics());
    }

    private void serve(String machineId, FleetApi api) throws IOException {
        listeners.put(
                machineId,
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, false),
                        HttpListener.Options.of(null, api.router())));
    }

    /** Has all hosts refuse to speak for the cluster. */
    public void bar(String why) {
        barring.set(why);
    }

    /** Ends all feeds that are being followed, and those that begin later. */
    public void endFeeds() {
        apis.forEach(FleetApi::close);
    }

    /** What the API is served of. */
    public MemoryRegistry registry() {
        return registry;
    }

    /** Where the API of that host is. */
    public ListenUrl url(String machineId) {
        HttpListener listener = listeners.get(machineId);
        // A machine that nobody serves is one that does not answer: nothing listens at port 1.
        return new ListenUrl.Tcp("127.0.0.1", listener == null ? 1 : listener.port(), false);
    }

    /** The routes of that host. */
    public HttpRouter router(String machineId) {
        return (machineId.equals(FIRST) ? apis.getFirst() : apis.getLast()).router();
    }

    /** A client of the first host. */
    public BlockingHttp client() {
        return new BlockingHttp(url(FIRST), null, TIMEOUT);
    }

    @Override
    public void close() {
        apis.forEach(FleetApi::close);
        listeners.values().forEach(HttpListener::close);
        network.close();
    }

    /** A host whose log and status name it. */
    private record FakeHost(String machineId, AtomicReference<@Nullable String> barring)
            implements LocalHost {
        @Override
        public Optional<String> barred() {
            return Optional.ofNullable(barring.get());
        }

        @Override
        public JournalStream journal(UnitName unit, int lines, OutputFormat format, boolean follow)
                throws JournalException {
            if (unit.value().equals("nolog.service")) {
                throw new JournalException("there is no journal here", null);
            }
            Queue<String> text = new ArrayDeque<>();
            for (int i = 1; i <= lines; i++) {
                text.add(machineId.charAt(0) + " " + unit + " " + format.option() + " line " + i);
            }
            return new JournalStream() {
                @Override
                public @Nullable String next() {
                    return text.poll();
                }

                @Override
                public void close() {
                    text.clear();
                }
            };
        }

        @Override
        public Status status(UnitName unit) {
            String text = "* " + unit + "\n   on host " + machineId.charAt(0) + "\n";
            return new Status(text, EXIT_STATUSES.getOrDefault(unit.value(), 0));
        }
    }
}
