package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.CampaignRequest;
import io.etcd.jetcd.api.CampaignResponse;
import io.etcd.jetcd.api.LeaderRequest;
import io.etcd.jetcd.api.LeaderResponse;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.ProclaimRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.ResignRequest;
import io.etcd.jetcd.api.lock.LockRequest;
import io.etcd.jetcd.api.lock.LockResponse;
import io.etcd.jetcd.api.lock.UnlockRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.NetworkTransport;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.CoordinationMethods;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, elections, health and reflection of a member over the network. */
class CoordinationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path directory;

    private static Members members;
    private static Network network;
    private static NetworkTransport transport;

    @BeforeAll
    static void start() throws Exception {
        members = Members.ours(directory, 1, null).startAll();
        new Etcdctl(members.endpoints(), null).awaitHealthy();
        network = Network.start(1);
        transport =
                new NetworkTransport(
                        network, NetworkTransport.Options.of(members.endpoints(), null));
    }

    @AfterAll
    static void stop() {
        transport.close();
        network.close();
        members.close();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static long lease() throws Exception {
        return get(transport.unary(
                        EtcdMethods.LEASE_GRANT,
                        LeaseGrantRequest.newBuilder().setTTL(600).build(),
                        PATIENCE))
                .getID();
    }

    private static CompletableFuture<LockResponse> lock(String name, long lease) {
        return transport.unary(
                CoordinationMethods.LOCK,
                LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build(),
                PATIENCE);
    }

    private static void unlock(ByteString key) throws Exception {
        get(
                transport.unary(
                        CoordinationMethods.UNLOCK,
                        UnlockRequest.newBuilder().setKey(key).build(),
                        PATIENCE));
    }

    /** Waits until so many keys lie below a name. */
    private static void awaitKeys(String name, long wanted) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        long found = -1;
        while (System.nanoTime() < until) {
            found =
                    get(transport.unary(
                                    EtcdMethods.RANGE,
                                    RangeRequest.newBuilder()
                                            .setKey(bytes(name + "/"))
                                            .setRangeEnd(bytes(name + "0"))
                                            .setCountOnly(true)
                                            .build(),
                                    PATIENCE))
                            .getCount();
            if (found == wanted) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("keys below " + name + ": " + found + ", wanted " + wanted);
    }

    @Test
    void lockIsHandedOnInTheOrderOfAsking() throws Exception {
        var first = get(lock("turns", lease()));
        var second = lock("turns", lease());
        awaitKeys("turns", 2);
        var third = lock("turns", lease());
        awaitKeys("turns", 3);
        assertThat(second).isNotDone();

        unlock(first.getKey());
        var next = get(second);
        assertThat(third).isNotDone();
        assertThat(next.getHeader().getRevision()).isGreaterThan(first.getHeader().getRevision());
        unlock(next.getKey());
        unlock(get(third).getKey());
        awaitKeys("turns", 0);
    }

    @Test
    void whoseLeaseEndsWhileWaitingDoesNotGetTheLock() throws Exception {
        var holder = get(lock("ended", lease()));
        long lost = lease();
        var waiting = lock("ended", lost);
        awaitKeys("ended", 2);
        get(
                transport.unary(
                        EtcdMethods.LEASE_REVOKE,
                        LeaseRevokeRequest.newBuilder().setID(lost).build(),
                        PATIENCE));
        unlock(holder.getKey());

        assertThatThrownBy(() -> get(waiting)).hasMessageContaining("session is expired");
        awaitKeys("ended", 0);
    }

    @Test
    void whoGoesWhileWaitingLeavesTheQueue() throws Exception {
        var holder = get(lock("gone", lease()));
        var impatient =
                transport.unary(
                        CoordinationMethods.LOCK,
                        LockRequest.newBuilder().setName(bytes("gone")).setLease(lease()).build(),
                        Duration.ofSeconds(10));
        awaitKeys("gone", 2);

        assertThatThrownBy(() -> get(impatient)).hasRootCauseInstanceOf(GrpcException.class);
        awaitKeys("gone", 1);
        unlock(holder.getKey());
    }

    @Test
    void electsProclaimsAndTellsObservers() throws Exception {
        var observed = new Answers<LeaderResponse>();
        observed.ask(
                CoordinationMethods.OBSERVE,
                LeaderRequest.newBuilder().setName(bytes("chief")).build());
        var first = get(campaign("ada"));
        assertThat(observed.next().getKv().getValue()).isEqualTo(bytes("ada"));
        var second = campaign("bob");
        awaitKeys("chief", 2);

        get(
                transport.unary(
                        CoordinationMethods.PROCLAIM,
                        ProclaimRequest.newBuilder()
                                .setLeader(first.getLeader())
                                .setValue(bytes("ada 2"))
                                .build(),
                        PATIENCE));
        assertThat(observed.next().getKv().getValue()).isEqualTo(bytes("ada 2"));
        assertThat(second).isNotDone();
        get(
                transport.unary(
                        CoordinationMethods.RESIGN,
                        ResignRequest.newBuilder().setLeader(first.getLeader()).build(),
                        PATIENCE));

        assertThat(get(second).getLeader().getRev()).isGreaterThan(first.getLeader().getRev());
        assertThat(observed.next().getKv().getValue()).isEqualTo(bytes("bob"));
        assertThatThrownBy(() ->
                        get(
                                transport.unary(
                                        CoordinationMethods.PROCLAIM,
                                        ProclaimRequest.newBuilder()
                                                .setLeader(first.getLeader())
                                                .build(),
                                        PATIENCE)))
                .hasMessageContaining("election: not leader");
    }

    private static CompletableFuture<CampaignResponse> campaign(String value) throws Exception {
        return transport.unary(
                CoordinationMethods.CAMPAIGN,
                CampaignRequest.newBuilder()
                        .setName(bytes("chief"))
                        .setLease(lease())
                        .setValue(bytes(value))
                        .build(),
                PATIENCE);
    }

    @Test
    void tellsThatItServes() throws Exception {
        var check = raw("grpc.health.v1.Health", "Check");

        var whole = get(transport.unary(check, UnknownFieldSet.getDefaultInstance(), PATIENCE));
        assertThat(whole.getField(1).getVarintList()).containsExactly(1L);
        assertThatThrownBy(() -> get(transport.unary(check, text(1, "elsewhere"), PATIENCE)))
                .hasMessageContaining("unknown service");
    }

    @Test
    void describesItself() throws Exception {
        var answers = new Answers<UnknownFieldSet>();
        var info = raw("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo");
        answers.ask(info, text(7, "*"));
        assertThat(answers.next().toString())
                .contains("etcdserverpb.KV", "v3lockpb.Lock", "grpc.health.v1.Health");

        answers.send(text(4, "etcdserverpb.WatchCreateRequest.watch_id"));
        assertThat(answers.next().getField(4).getLengthDelimitedList()).hasSize(1);
        answers.send(text(4, "etcdserverpb.Nothing"));
        assertThat(answers.next().hasField(7)).isTrue();
    }

    private static GrpcMethod<UnknownFieldSet, UnknownFieldSet> raw(String service, String name) {
        var parser = UnknownFieldSet.getDefaultInstance().getParserForType();
        return new GrpcMethod<>(service, name, parser, parser);
    }

    private static UnknownFieldSet text(int field, String value) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes(value)).build())
                .build();
    }

    /** What a stream answers, one by one. */
    private static final class Answers<R> implements GrpcInbound<R> {
        private final LinkedBlockingQueue<R> messages = new LinkedBlockingQueue<>();
        private @Nullable GrpcOutbound out;

        <Q extends com.google.protobuf.MessageLite, M extends com.google.protobuf.MessageLite>
                void ask(GrpcMethod<Q, M> method, Q request) {
            @SuppressWarnings("unchecked") // The caller knows what the method answers.
            var self = (GrpcInbound<M>) this;
            out = transport.stream(method, self);
            send(request);
        }

        void send(com.google.protobuf.MessageLite request) {
            java.util.Objects.requireNonNull(out).send(request.toByteString());
        }

        R next() throws InterruptedException {
            R message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).as("a message within " + PATIENCE).isNotNull();
            return message;
        }

        @Override
        public void message(R message) {
            messages.add(message);
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }
}
