package io.skerry.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.InProcessTransport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which writes are sent again. */
class RequestsTest {
    private final AtomicInteger tries = new AtomicInteger();

    /** Refuses two puts before it takes one. */
    private EtcdClient storeThatSays(String refusal) {
        var router =
                new GrpcRouter()
                        .unary(
                                EtcdMethods.PUT,
                                (_, _) ->
                                        tries.incrementAndGet() <= 2
                                                ? CompletableFuture.failedFuture(
                                                        new GrpcException(
                                                                GrpcCode.UNAVAILABLE, refusal))
                                                : CompletableFuture.completedFuture(done()));
        return EtcdClient.over(new InProcessTransport(router));
    }

    private static ByteString done() {
        return PutResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(7))
                .build()
                .toByteString();
    }

    @Test
    void writeThatAMemberWithoutALeaderRefusedIsSentAgain() throws Exception {
        try (var client = storeThatSays("etcdserver: no leader")) {
            assertThat(client.put("a", ByteString.EMPTY).revision()).isEqualTo(7);
            assertThat(tries).hasValue(3);
        }
    }

    @Test
    void writeWhoseFateIsUnknownIsNot() {
        try (var client = storeThatSays("etcdserver: request timed out")) {
            assertThatThrownBy(() -> client.put("a", ByteString.EMPTY))
                    .isInstanceOf(EtcdException.class)
                    .hasMessageContaining("request timed out");
            assertThat(tries).hasValue(1);
        }
    }
}
