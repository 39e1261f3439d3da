package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code Maintenance.Alarm}: lists, raises and disarms. */
final class AlarmService {
    private static final int ALL = 0;
    private static final int LAST_KIND = 2;

    private final EtcdStateMachine store;
    private final Calls calls;
    private final Identity identity;

    AlarmService(EtcdStateMachine store, Calls calls, Identity identity) {
        this.store = store;
        this.calls = calls;
        this.identity = identity;
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.ALARM, this::alarm);
    }

    private CompletionStage<ByteString> alarm(AlarmRequest request, GrpcContext context) {
        if (request.getAlarmValue() < ALL || request.getAlarmValue() > LAST_KIND) {
            return refused(
                    "alarm type "
                            + request.getAlarmValue()
                            + " must be 0 (NONE), 1 (NOSPACE) or 2 (CORRUPT)");
        }
        return switch (request.getAction()) {
            case GET ->
                    calls.read(
                            context, true, Calls.Rule.ANY_USER, _ -> list(request.getAlarmValue()));
            // There is no alarm of no kind to raise or disarm: etcd then answers with none.
            case ACTIVATE, DEACTIVATE ->
                    calls.read(context, true, Calls.Rule.ROOT, _ -> answer().build().toByteString())
                            .thenCompose(nothing ->
                                    request.getAlarmValue() == ALL
                                            ? CompletableFuture.completedFuture(nothing)
                                            : calls.propose(
                                                    context,
                                                    request,
                                                    () -> {},
                                                    new Command.Alarm(request)));
            case UNRECOGNIZED ->
                    refused(
                            "alarm action "
                                    + request.getActionValue()
                                    + " must be 0 (GET), 1 (ACTIVATE) or 2 (DEACTIVATE)");
        };
    }

    private static CompletionStage<ByteString> refused(String why) {
        return CompletableFuture.failedFuture(
                new GrpcException(GrpcCode.INVALID_ARGUMENT, "etcdserver: " + why));
    }

    private AlarmResponse.Builder answer() {
        return AlarmResponse.newBuilder().setHeader(identity.header(store.revision()));
    }

    private ByteString list(int kind) {
        var response = answer();
        for (var alarm : store.alarms()) {
            if (kind == ALL || alarm.kind().number() == kind) {
                response.addAlarmsBuilder()
                        .setMemberID(alarm.memberId())
                        .setAlarmValue(alarm.kind().number());
            }
        }
        return response.build().toByteString();
    }
}
