package io.skerry.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.chaos.check.Violation;
import io.skerry.chaos.cluster.Equipment;
import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.workload.Clients;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked again and what is a broken promise, with one member that plays its part. */
class FinalStateTest {
    private static final long REVISION = 3;
    private static final long PATIENCE_MILLIS = 50;

    @TempDir Path folder;

    private final AtomicInteger hashesAsked = new AtomicInteger();
    private Consumer<Watch> watches = watch -> watch.tell(REVISION);
    private IntFunction<@Nullable GrpcException> hashFailure = asked -> null;

    private record Watch(long startRevision, GrpcOutbound out) {
        /** Tells one change. */
        void tell(long revision) {
            var kv = KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("k"));
            out.send(
                    WatchResponse.newBuilder()
                            .setHeader(ResponseHeader.newBuilder().setRevision(revision))
                            .addEvents(Event.newBuilder().setKv(kv.setModRevision(revision)))
                            .build()
                            .toByteString());
        }
    }

    private static final class Inbound implements GrpcInbound<WatchRequest> {
        private final Consumer<Watch> watches;
        private final GrpcOutbound out;

        Inbound(Consumer<Watch> watches, GrpcOutbound out) {
            this.watches = watches;
            this.out = out;
        }

        @Override
        public void message(WatchRequest request) {
            if (request.hasCreateRequest()) {
                watches.accept(new Watch(request.getCreateRequest().getStartRevision(), out));
            }
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    private GrpcRouter member() {
        var header = ResponseHeader.newBuilder().setRevision(REVISION);
        var range = RangeResponse.newBuilder().setHeader(header).build().toByteString();
        return new GrpcRouter()
                        .unary(
                                EtcdMethods.RANGE,
                                (_, _) -> CompletableFuture.completedFuture(range))
                        .unary(
                                EtcdMethods.HASH_KV,
                                (_, _) -> {
                                    var failure = hashFailure.apply(hashesAsked.incrementAndGet());
                                    return failure != null
                                            ? CompletableFuture.failedFuture(failure)
                                            : CompletableFuture.completedFuture(
                                                    HashKVResponse.getDefaultInstance()
                                                            .toByteString());
                                })
                        .stream(EtcdMethods.WATCH, (_, out) -> new Inbound(watches, out));
    }

    private interface Check {
        void of(FinalState end) throws Exception;
    }

    private void check(Check check) throws Exception {
        var none = new Equipment(false, false, false, false);
        var members = Members.prepare(List.of("false"), folder, 1, none);
        try (var network = Network.start(1);
                var _ =
                        HttpListener.start(
                                network,
                                ListenUrl.parse(members.client(0).toString()),
                                HttpListener.Options.of(null, null, member()));
                var clients = new Clients(List.of(members.client(0)))) {
            check.of(new FinalState(clients, members, PATIENCE_MILLIS));
        } finally {
            members.end();
        }
    }

    @Test
    void watchThatSaysNothingThoughItsMemberServesIsAViolation() throws Exception {
        watches =
                watch -> {
                    if (watch.startRevision() < REVISION) {
                        watch.tell(2);
                    }
                };
        check(end -> {
            assertThat(end.truth()).hasSize(1);
            assertThat(end.violations())
                    .extracting(Violation::toString)
                    .singleElement()
                    .asString()
                    .contains("m0 stopped to tell its history before revision 3");
        });
    }

    @Test
    void watchThatEndsIsFollowedByAnother() throws Exception {
        watches =
                watch -> {
                    watch.tell(Math.max(2, watch.startRevision()));
                    watch.out().fail(new GrpcException(GrpcCode.UNAVAILABLE, "no leader"));
                };
        check(end -> {
            assertThat(end.truth()).hasSize(2);
            assertThat(end.violations()).isEmpty();
        });
    }

    @Test
    void memberThatHasNoLeaderForAMomentIsAskedAgain() throws Exception {
        var noLeader = new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: no leader");
        hashFailure = asked -> asked == 1 ? noLeader : null;
        check(end -> assertThat(end.truth()).hasSize(1));
        assertThat(hashesAsked).hasValueGreaterThan(1);
    }

    @Test
    void otherFailuresOfAMemberThatServesAreNotForgiven() throws Exception {
        var failure = new GrpcException(GrpcCode.INTERNAL, "the event log cannot be read");
        hashFailure = asked -> failure;
        check(end ->
                assertThat(catchThrowableOfType(GrpcException.class, end::truth))
                        .hasMessageContaining("cannot be read"));
        // Once, unless that answer took too long: not for minutes.
        assertThat(hashesAsked).hasValueLessThan(10);
    }
}
