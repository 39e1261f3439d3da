package io.skerry.etcd.server.api.v3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.InProcessTransport;
import io.skerry.base.grpc.RouterCalls;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told once the store's file cannot be read any more. */
class BrokenFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 300;
    private static final RangeRequest ALL =
            RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setRangeEnd(ByteString.copyFromUtf8("l"))
                    .build();

    @TempDir Path directory;
    private ApiServer server;

    @BeforeEach
    void breaksTheFileUnderAServer() throws Exception {
        server = new ApiServer(directory);
        var client = new InProcessTransport(server.router());
        for (int i = 0; i < KEYS; i++) {
            client.unary(
                            EtcdMethods.PUT,
                            PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("k" + i))
                                    .setValue(ByteString.copyFrom(new byte[10_000]))
                                    .build(),
                            PATIENCE)
                    .get();
        }
        server.store().close();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void readsAreUnavailableHereSoThatAnotherMemberIsAsked() throws Exception {
        assertUnavailable(EtcdMethods.RANGE, ALL);
        assertUnavailable(EtcdMethods.RANGE, ALL.toBuilder().setSerializable(true).build());
        assertUnavailable(EtcdMethods.RANGE, ALL.toBuilder().setRevision(KEYS / 2).build());
        assertUnavailable(
                EtcdMethods.TXN,
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setKey(ALL.getKey())
                                        .setRangeEnd(ALL.getRangeEnd())
                                        .setResult(Compare.CompareResult.GREATER)
                                        .setTarget(Compare.CompareTarget.VERSION)
                                        .setVersion(0))
                        .addSuccess(RequestOp.newBuilder().setRequestRange(ALL))
                        .build());
    }

    @Test
    void maintenanceIsUnavailableHere() throws Exception {
        assertUnavailable(EtcdMethods.HASH, HashRequest.getDefaultInstance());
        assertUnavailable(EtcdMethods.HASH_KV, HashKVRequest.getDefaultInstance());
        assertUnavailable(EtcdMethods.DEFRAGMENT, DefragmentRequest.getDefaultInstance());
        assertUnavailable(EtcdMethods.SNAPSHOT, SnapshotRequest.getDefaultInstance());
    }

    @Test
    void watchesThatReadThePastEndUnavailable() throws Exception {
        assertUnavailable(
                EtcdMethods.WATCH,
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder()
                                        .setKey(ALL.getKey())
                                        .setRangeEnd(ALL.getRangeEnd())
                                        .setStartRevision(1))
                        .build());
    }

    private void assertUnavailable(GrpcMethod<?, ?> method, MessageLite request) throws Exception {
        var end = new End();
        var inbound = new RouterCalls(server.router()).stream(method.path(), new Nobody(), end);
        inbound.message(request.toByteString());
        GrpcException failure = end.reason.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(failure.code()).as(method.path()).isEqualTo(GrpcCode.UNAVAILABLE);
        assertThat(failure.getMessage())
                .isEqualTo("etcdserver: server stopped: the store's file cannot be used");
    }

    /** Waits for the status of a call that fails. */
    private static final class End implements GrpcOutbound {
        private final CompletableFuture<GrpcException> reason = new CompletableFuture<>();

        @Override
        public void send(ByteString encodedMessage) {}

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void onReady(Runnable whenBelowMark) {}

        @Override
        public void complete() {
            reason.completeExceptionally(new AssertionError("the call succeeded"));
        }

        @Override
        public void fail(GrpcException why) {
            reason.complete(why);
        }
    }

    /** A caller without a name. */
    private static final class Nobody implements GrpcContext {
        @Override
        public @Nullable X509Certificate peerCertificate() {
            return null;
        }

        @Override
        public @Nullable String metadata(String name) {
            return null;
        }

        @Override
        public String remoteAddress() {
            return "nobody";
        }
    }
}
