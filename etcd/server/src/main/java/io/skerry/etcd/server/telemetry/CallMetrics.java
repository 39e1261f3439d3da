package io.skerry.etcd.server.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.skerry.base.grpc.CallObserver;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.metrics.Metrics;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls under the names that etcd's are counted by, and passes slow ones on. What is counted
 * for a method is looked up once, when the method is registered.
 */
public final class CallMetrics implements CallObserver.Factory {
    private static final double NANOS = 1e9;
    private static final String CLIENT_VERSION = "client-api-version";
    private static final String UNKNOWN = "unknown";

    /** Who claims another each time is not counted by each. */
    private static final int MAX_VERSIONS = 20;

    private static final String[] LABELS = {"grpc_type", "grpc_service", "grpc_method"};
    private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    /** Streams whose client sends one request only. */
    private static final Set<String> ONE_REQUEST =
            Set.of(
                    "/etcdserverpb.Maintenance/Snapshot",
                    "/v3electionpb.Election/Observe",
                    "/grpc.health.v1.Health/Watch");

    private final Counter started;
    private final Counter handled;
    private final Counter received;
    private final Counter sent;
    private final Counter clients;
    private final CounterDataPoint bytesReceived;
    private final CounterDataPoint bytesSent;
    private final @Nullable Histogram seconds;
    private final SlowRequests slow;

    /**
     * @param extensive whether to keep how long calls took
     */
    public CallMetrics(Metrics metrics, boolean extensive, SlowRequests slow) {
        this.slow = slow;
        this.started = metrics.counter("grpc_server_started_total", "Calls begun.", LABELS);
        this.received =
                metrics.counter("grpc_server_msg_received_total", "Messages received.", LABELS);
        this.sent = metrics.counter("grpc_server_msg_sent_total", "Messages sent.", LABELS);
        this.handled =
                metrics.counter(
                        "grpc_server_handled_total",
                        "Calls ended, whatever the outcome.",
                        LABELS[0],
                        LABELS[1],
                        LABELS[2],
                        "grpc_code");
        this.clients =
                metrics.counter(
                        "etcd_server_client_requests_total",
                        "Calls by the version that the client claims to have.",
                        "type",
                        "client_api_version");
        this.bytesReceived =
                metrics.counter(
                                "etcd_network_client_grpc_received_bytes_total",
                                "Bytes of clients' requests.")
                        .labelValues();
        this.bytesSent =
                metrics.counter(
                                "etcd_network_client_grpc_sent_bytes_total",
                                "Bytes of answers to clients.")
                        .labelValues();
        this.seconds =
                extensive
                        ? metrics.histogram(
                                "grpc_server_handling_seconds",
                                "How long calls took.",
                                BOUNDS,
                                LABELS)
                        : null;
    }

    @Override
    public CallObserver of(GrpcMethod<?, ?> method, boolean stream) {
        return new Counted(method, stream);
    }

    private final class Counted implements CallObserver {
        private final GrpcMethod<?, ?> method;
        private final CounterDataPoint begun;
        private final CounterDataPoint in;
        private final CounterDataPoint out;
        private final String type;
        private final boolean stream;
        private final CounterDataPoint succeeded;
        private final Map<String, CounterDataPoint> byVersion = new ConcurrentHashMap<>();
        private final @Nullable DistributionDataPoint took;

        Counted(GrpcMethod<?, ?> method, boolean stream) {
            this.method = method;
            this.stream = stream;
            this.type =
                    !stream
                            ? "unary"
                            : ONE_REQUEST.contains(method.path()) ? "server_stream" : "bidi_stream";
            String[] labels = {type, method.service(), method.name()};
            this.begun = started.labelValues(labels);
            this.in = received.labelValues(labels);
            this.out = sent.labelValues(labels);
            this.succeeded = handled(GrpcCode.OK);
            Histogram all = seconds;
            this.took = all == null ? null : all.labelValues(labels);
        }

        private CounterDataPoint handled(GrpcCode code) {
            return handled.labelValues(type, method.service(), method.name(), word(code));
        }

        @Override
        public void started(GrpcContext context) {
            begun.inc();
            String told = context.metadata(CLIENT_VERSION);
            String version = told == null ? UNKNOWN : told;
            CounterDataPoint known = byVersion.get(version);
            (known == null ? another(version) : known).inc();
        }

        private CounterDataPoint another(String version) {
            return byVersion.computeIfAbsent(
                    byVersion.size() < MAX_VERSIONS ? version : UNKNOWN,
                    of -> clients.labelValues(stream ? "stream" : "unary", of));
        }

        @Override
        public void received(int bytes) {
            in.inc();
            bytesReceived.inc(bytes);
        }

        @Override
        public void sent(int messages, long bytes) {
            out.inc(messages);
            bytesSent.inc(bytes);
        }

        @Override
        public void ended(GrpcCode code, long nanos) {
            (code == GrpcCode.OK ? succeeded : handled(code)).inc();
            if (took != null) {
                took.observe(nanos / NANOS);
            }
        }

        @Override
        public void answered(
                GrpcContext context,
                MessageLite request,
                @Nullable ByteString response,
                GrpcCode code,
                long nanos) {
            slow.answered(method, context, request, response, code, nanos);
        }
    }

    /** As Go's library writes them: {@code NotFound}. */
    private static String word(GrpcCode code) {
        if (code == GrpcCode.OK) {
            return "OK";
        }
        if (code == GrpcCode.CANCELLED) {
            return "Canceled";
        }
        var word = new StringBuilder();
        for (String part : code.name().split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }
}
