package io.skerry.etcd.ctl.remote;

import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;

/** Renews a lease, each time over a stream of its own, so that any member will do. */
public final class LeaseRenewal {
    private LeaseRenewal() {}

    /** The answer; a time to live of 0 means that there is no such lease. */
    public static LeaseKeepAliveResponse once(Remote remote, long lease)
            throws GrpcException, InterruptedException {
        try (var stream = remote.stream(EtcdMethods.LEASE_KEEP_ALIVE)) {
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
            return stream.next().orElse(LeaseKeepAliveResponse.getDefaultInstance());
        }
    }
}
