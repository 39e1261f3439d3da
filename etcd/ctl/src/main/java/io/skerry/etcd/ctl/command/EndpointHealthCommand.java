package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HealthAnswer;
import io.skerry.etcd.ctl.answer.HealthAnswer.Health;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.format.Format;
import io.skerry.etcd.ctl.remote.Remote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Asks each endpoint for a read that needs a majority, and for alarms. */
public final class EndpointHealthCommand implements Command {
    /** Any key will do; it need not be there. */
    private static final RangeRequest PROBE =
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("health")).build();

    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Endpoints.CLUSTER);
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        Format format = invocation.format();
        var found = new ArrayList<Health>();
        for (String endpoint : Endpoints.of(invocation)) {
            found.add(health(invocation, endpoint));
        }
        if (format == Format.SIMPLE) {
            found.stream()
                    .filter(health -> !health.well())
                    .forEach(health ->
                            invocation
                                    .console()
                                    .err()
                                    .line(
                                            "%s is unhealthy: failed to commit proposal: %s"
                                                    .formatted(health.endpoint(), health.error())));
        }
        invocation.print(new HealthAnswer(found));
        if (!found.stream().allMatch(Health::well)) {
            throw CtlFailure.error("unhealthy cluster");
        }
    }

    private static Health health(Invocation invocation, String endpoint)
            throws CtlFailure, InterruptedException {
        var settings = invocation.settings().at(List.of(endpoint));
        try (var remote = Remote.connect(settings, invocation.console())) {
            long start = System.nanoTime();
            String error = "";
            try {
                remote.attempt(
                        EtcdMethods.RANGE, PROBE, Remote.Effect.READS, settings.commandTimeout());
            } catch (GrpcException e) {
                // Even a refusal was agreed on by a majority.
                error = e.code() == GrpcCode.PERMISSION_DENIED ? "" : Remote.words(e);
            }
            var took = Duration.ofNanos(System.nanoTime() - start);
            if (error.isEmpty()) {
                error = alarms(remote);
            }
            return new Health(endpoint, error.isEmpty(), took, error);
        }
    }

    private static String alarms(Remote remote) throws InterruptedException {
        try {
            var alarms =
                    remote.attempt(
                                    EtcdMethods.ALARM,
                                    AlarmRequest.getDefaultInstance(),
                                    Remote.Effect.READS,
                                    remote.settings().commandTimeout())
                            .getAlarmsList();
            return alarms.isEmpty()
                    ? ""
                    : alarms.stream()
                            .map(alarm -> alarm.getAlarm() + " ")
                            .collect(Collectors.joining("", "Active Alarm(s): ", ""));
        } catch (GrpcException e) {
            return "Unable to fetch the alarm list";
        }
    }
}
