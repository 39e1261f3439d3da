package io.skerry.etcd.server.api.v2;

import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.consensus.peer.AppendTraffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code /v2/stats}. */
final class StatisticsHandler {
    private final ReplicatedLog log;
    private final AppendTraffic traffic;
    private final OperationCounts counts;
    private final EventHub hub;
    private final InstantSource clock;
    private final Instant started;

    /** Who led when somebody looked last, and since when that is known. */
    private Leader leader;

    private record Leader(long id, long sinceNanos, Instant since) {}

    StatisticsHandler(
            ReplicatedLog log,
            AppendTraffic traffic,
            OperationCounts counts,
            EventHub hub,
            InstantSource clock) {
        this.log = log;
        this.traffic = traffic;
        this.counts = counts;
        this.hub = hub;
        this.clock = clock;
        this.started = clock.instant();
        this.leader = new Leader(0, 0, started);
    }

    HttpReply store(HttpCall call) {
        return get(call, "{" + counts.json() + ",\"watchers\":" + hub.count() + "}");
    }

    HttpReply self(HttpCall call) {
        return get(call, self(log.status()));
    }

    /** Reckons the time of a change once, so that all who ask are told the same. */
    private void note(RaftStatus status) {
        long since = status.leaderSinceNanos();
        if (status.leaderId() != leader.id || since != leader.sinceNanos) {
            var instant = clock.instant().minusNanos(System.nanoTime() - since);
            leader = new Leader(status.leaderId(), since, instant);
        }
    }

    private synchronized String self(RaftStatus status) {
        note(status);
        String name =
                status.members().stream()
                        .filter(member -> member.id() == status.memberId())
                        .map(RaftStatus.Member::name)
                        .findFirst()
                        .orElse("");
        String state =
                status.leader()
                        ? "StateLeader"
                        : status.leaderId() == 0 ? "StateCandidate" : "StateFollower";
        var json = new StringBuilder("{\"name\":").append(JsonText.quoted(name));
        json.append(",\"id\":").append(id(status.memberId()));
        json.append(",\"state\":\"").append(state).append('"');
        json.append(",\"startTime\":").append(time(started));
        json.append(",\"leaderInfo\":{\"leader\":")
                .append(leader.id == 0 ? "\"\"" : id(leader.id))
                .append(",\"uptime\":\"")
                .append(uptime(Duration.between(leader.since, clock.instant())))
                .append("\",\"startTime\":")
                .append(time(leader.since))
                .append('}');
        direction(json, "recv", traffic.received());
        direction(json, "send", traffic.sent());
        return json.append('}').toString();
    }

    private static void direction(
            StringBuilder json, String name, AppendTraffic.Direction direction) {
        json.append(",\"%sAppendRequestCnt\":%d".formatted(name, direction.requests()));
        if (direction.requestsPerSecond() > 0) {
            json.append(
                    String.format(
                            Locale.ROOT,
                            ",\"%sPkgRate\":%s,\"%sBandwidthRate\":%s",
                            name,
                            direction.requestsPerSecond(),
                            name,
                            direction.bytesPerSecond()));
        }
    }

    HttpReply leader(HttpCall call) {
        var status = log.status();
        if (call.method().equals("GET") && !status.leader()) {
            return plain(403, JsonText.message("not current leader"));
        }
        String followers =
                status.members().stream()
                        .filter(member -> member.id() != status.memberId())
                        .map(member -> id(member.id()) + ":" + follower(member.id()))
                        .collect(Collectors.joining(","));
        return get(
                call,
                "{\"leader\":%s,\"followers\":{%s}}".formatted(id(status.memberId()), followers));
    }

    private String follower(long member) {
        var latency =
                traffic.followers()
                        .getOrDefault(member, new AppendTraffic.Latency(0, 0, 0, 0, 0, 0, 0));
        return "{\"latency\":{\"current\":%s,\"average\":%s,\"standardDeviation\":%s,\"minimum\":%s,\"maximum\":%s},\"counts\":{\"fail\":%d,\"success\":%d}}"
                .formatted(
                        latency.current(),
                        latency.average(),
                        latency.standardDeviation(),
                        latency.minimum(),
                        latency.maximum(),
                        latency.failures(),
                        latency.successes());
    }

    private static String id(long member) {
        return JsonText.quoted(Long.toHexString(member));
    }

    private static String time(Instant instant) {
        long nanos = instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
        return JsonText.quoted(JsonText.time(nanos));
    }

    /** As Go writes durations: {@code 1h2m3.5s}. */
    static String uptime(Duration duration) {
        var text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        String seconds =
                String.format(
                        Locale.ROOT, "%d.%09d", duration.toSecondsPart(), duration.toNanosPart());
        // The fraction has nine digits, so only its own zeros can be meant.
        String shortened = seconds.replaceFirst("0+$", "").replaceFirst("\\.$", "");
        return text.append(shortened).append('s').toString();
    }

    private static HttpReply get(HttpCall call, String json) {
        return call.method().equals("GET")
                ? plain(200, json.getBytes(StandardCharsets.UTF_8))
                : Replies.methodNotAllowed("GET");
    }

    private static HttpReply plain(int httpStatus, byte[] json) {
        return Replies.full(httpStatus, Map.of("Content-Type", Replies.JSON), json);
    }
}
