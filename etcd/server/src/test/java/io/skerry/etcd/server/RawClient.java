package io.skerry.etcd.server;

import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.AlarmRequest;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Calls that etcdctl has no words for. */
record RawClient(Network network, NetworkTransport transport) implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    static RawClient of(URI endpoint) throws IOException {
        var network = Network.start(1);
        return new RawClient(
                network,
                new NetworkTransport(
                        network, NetworkTransport.Options.of(List.of(endpoint), null)));
    }

    <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request) {
        return transport.unary(method, request, DEADLINE).join();
    }

    void raise(long member, int kind) {
        var _ =
                call(
                        EtcdMethods.ALARM,
                        AlarmRequest.newBuilder()
                                .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                                .setMemberID(member)
                                .setAlarmValue(kind)
                                .build());
    }

    @Override
    public void close() {
        transport.close();
        network.close();
    }
}
