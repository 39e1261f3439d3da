package io.skerry.chaos.workload;

import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.LeaseTrial;
import io.skerry.etcd.client.EtcdMethods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Hangs keys on leases, renews these for a while, and looks when the keys are gone. */
final class LeaseClient implements Workload.Runner {
    private static final int MOST_RENEWALS = 5;
    private static final int PUT_TRIES = 5;

    /** How long a lease may outlive its time when the faults are over. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** For {@link Workload}. */
    LeaseClient() {}

    @Override
    public void run(ClientContext context) throws InterruptedException {
        while (!context.stopped()) {
            try {
                long sent = context.now();
                Leases.Granted granted = Leases.grant(context, 1 + context.random().nextInt(4));
                new Trial(context, granted, sent).run();
            } catch (GrpcException e) {
                // Not granted, or the answer was lost: nobody will miss it.
            }
            context.pause();
        }
    }

    /** One lease. */
    private static final class Trial {
        private final ClientContext context;
        private final Leases.Granted granted;
        private final String key;
        private final List<Long> renewed = new ArrayList<>();
        private long refused = Call.NEVER;
        private long gone = Call.NEVER;
        private long revoked = Call.NEVER;

        Trial(ClientContext context, Leases.Granted granted, long sent) {
            this.context = context;
            this.granted = granted;
            this.key = WorkloadKeys.LEASES + Long.toHexString(granted.id());
            renewed.add(sent);
        }

        void run() throws InterruptedException {
            boolean there = put();
            if (there) {
                renew();
                if (refused == Call.NEVER && context.random().nextInt(5) == 0) {
                    revoke();
                }
                awaitGone();
            }
            if (there || refused != Call.NEVER) {
                context.history()
                        .add(
                                new LeaseTrial(
                                        key,
                                        TimeUnit.SECONDS.toNanos(granted.ttlSeconds()),
                                        renewed,
                                        refused,
                                        gone,
                                        revoked));
            }
        }

        private boolean put() throws InterruptedException {
            var request =
                    PutRequest.newBuilder()
                            .setKey(Messages.bytes(key))
                            .setValue(Messages.bytes(key))
                            .setLease(granted.id())
                            .build();
            for (int i = 0; i < PUT_TRIES; i++) {
                try {
                    context.call(EtcdMethods.PUT, request);
                    return true;
                } catch (GrpcException e) {
                    if (e.code() == GrpcCode.NOT_FOUND) {
                        refused = context.now();
                        return false;
                    }
                    context.pause();
                }
            }
            return false;
        }

        private void renew() throws InterruptedException {
            int times = context.random().nextInt(MOST_RENEWALS + 1);
            for (int i = 0; i < times && gone == Call.NEVER && refused == Call.NEVER; i++) {
                TimeUnit.MILLISECONDS.sleep(granted.ttlSeconds() * 1000 / 3);
                long sent = context.now();
                OptionalLong ttl = Leases.renew(context, granted.id());
                if (ttl.isPresent() && ttl.getAsLong() > 0) {
                    renewed.add(sent);
                } else if (ttl.isPresent()) {
                    refused = context.now();
                }
                look();
            }
        }

        private void look() throws InterruptedException {
            try {
                if (context.call(EtcdMethods.RANGE, Messages.key(key)).getKvsCount() == 0) {
                    gone = context.now();
                }
            } catch (GrpcException e) {
                // Says nothing.
            }
        }

        private void revoke() throws InterruptedException {
            revoked = context.now();
            try {
                context.call(
                        EtcdMethods.LEASE_REVOKE,
                        LeaseRevokeRequest.newBuilder().setID(granted.id()).build());
            } catch (GrpcException e) {
                // Then it expires.
            }
        }

        private void awaitGone() throws InterruptedException {
            long giveUp = Call.NEVER;
            while (gone == Call.NEVER) {
                look();
                if (context.stopped() && giveUp == Call.NEVER) {
                    giveUp = context.now() + PATIENCE.toNanos();
                }
                if (context.now() >= giveUp) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }
}
