package io.skerry.etcd.server;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code /health}, {@code /livez} and {@code /readyz} as in etcd 3.5: whether to restart a member,
 * and whether to send it clients, with each check by its name.
 */
final class HealthRoutes {
    private static final long PATIENCE_SECONDS = 5;

    /** The key that etcd's own checks read. */
    private static final byte[] PROBE = "health".getBytes(StandardCharsets.UTF_8);

    private final EtcdStateMachine store;
    private final ReplicatedLog log;

    /** How often {@code /health} was asked and said yes, or no. */
    final LongAdder successes = new LongAdder();

    final LongAdder failures = new LongAdder();

    /** One thing that may be wrong; says what is, or nothing. */
    private record Check(String name, Probe probe) {}

    @FunctionalInterface
    private interface Probe {
        /** Empty if all is well. */
        String failure() throws InterruptedException;
    }

    HealthRoutes(EtcdStateMachine store, ReplicatedLog log) {
        this.store = store;
        this.log = log;
    }

    void register(HttpRouter routes) {
        var corruption = new Check("data_corruption", this::corruption);
        var serializable = new Check("serializable_read", this::localRead);
        var linearizable = new Check("linearizable_read", this::quorumRead);
        routes.route("GET", "/health", this::health);
        checks(routes, "/livez", List.of(serializable));
        checks(routes, "/readyz", List.of(corruption, serializable, linearizable));
        checks(routes, "/healthz", List.of(corruption, serializable, linearizable));
    }

    private static void checks(HttpRouter routes, String path, List<Check> checks) {
        routes.route("GET", path, call -> run(call, checks));
        for (Check check : checks) {
            routes.route("GET", path + "/" + check.name, call -> run(call, List.of(check)));
        }
    }

    private static HttpReply run(HttpCall call, List<Check> checks) throws InterruptedException {
        var excluded = call.query().getOrDefault("exclude", List.of());
        boolean verbose = call.query().containsKey("verbose");
        boolean failed = false;
        var text = new StringBuilder();
        for (Check check : checks) {
            if (excluded.contains(check.name)) {
                text.append("[+]").append(check.name).append(" excluded: ok\n");
                continue;
            }
            String failure = check.probe.failure();
            failed |= !failure.isEmpty();
            text.append(failure.isEmpty() ? "[+]" : "[-]").append(check.name);
            text.append(failure.isEmpty() ? " ok\n" : " failed: " + failure + "\n");
        }
        if (failed) {
            return HttpReply.text(503, text.toString());
        }
        return HttpReply.text(200, verbose ? text + "ok\n" : "ok\n");
    }

    private HttpReply health(HttpCall call) throws InterruptedException {
        String reason = unhealthy(call);
        (reason.isEmpty() ? successes : failures).increment();
        String body = "{\"health\":\"" + reason.isEmpty() + "\",\"reason\":\"" + reason + "\"}";
        return HttpReply.json(reason.isEmpty() ? 200 : 503, body.getBytes(StandardCharsets.UTF_8));
    }

    private String unhealthy(HttpCall call) throws InterruptedException {
        var excluded = call.query().getOrDefault("exclude", List.of());
        var raised = new ArrayList<Alarm.Kind>();
        for (Alarm alarm : store.alarms()) {
            if (!excluded.contains(alarm.kind().name())) {
                raised.add(alarm.kind());
            }
        }
        if (!raised.isEmpty()) {
            return "ALARM " + raised.getFirst();
        }
        if (log.status().leaderId() == 0) {
            return "RAFT NO LEADER";
        }
        return "true".equals(call.queryValue("serializable")) ? localRead() : quorumRead();
    }

    private String corruption() {
        for (Alarm alarm : store.alarms()) {
            if (alarm.kind() == Alarm.Kind.CORRUPT) {
                return "alarm activated: CORRUPT";
            }
        }
        return "";
    }

    private String localRead() {
        var view = store.view();
        try {
            var _ = view.get(PROBE);
            return "";
        } catch (EngineFailedException e) {
            return "RANGE ERROR:" + e.status().getMessage();
        } finally {
            view.release();
        }
    }

    private String quorumRead() throws InterruptedException {
        try {
            log.readIndex().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException | TimeoutException e) {
            return "QGET ERROR: no linearizable read is possible";
        }
    }
}
