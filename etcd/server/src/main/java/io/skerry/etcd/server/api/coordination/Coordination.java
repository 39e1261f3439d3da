package io.skerry.etcd.server.api.coordination;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.RouterCalls;

/** The lock and the election service of one member. */
public final class Coordination implements AutoCloseable {
    /** Time to live of the lease of a caller who brings none; as etcd's. */
    private static final long OWN_LEASE_SECONDS = 60;

    private final WaitingCalls waiting;

    /**
     * @param store has the key-value, watch and lease services, which are called in the name of who
     *     calls the lock
     */
    public Coordination(GrpcRouter store) {
        this.waiting = new WaitingCalls(new RouterCalls(store));
    }

    public void register(GrpcRouter router) {
        new LockService(waiting).register(router);
        new ElectionService(waiting).register(router);
    }

    static long leaseOf(long given, CallerStore store) throws GrpcException {
        return given == 0 ? store.grantLease(OWN_LEASE_SECONDS) : given;
    }

    /** Ends all who wait; what they hold ends with their leases. */
    @Override
    public void close() {
        waiting.close();
    }
}
