package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;

/** Ends a lease, and with it its keys. */
public final class LeaseRevokeCommand implements Command {
    @Override
    public String usage() {
        return "LEASE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id = LeaseIds.parse(invocation.onlyWord("lease revoke command needs 1 argument"));
        var request = LeaseRevokeRequest.newBuilder().setID(id).build();
        try (var remote = invocation.connect()) {
            var response =
                    remote.attempt(
                            EtcdMethods.LEASE_REVOKE,
                            request,
                            Remote.Effect.WRITES,
                            remote.settings().commandTimeout());
            invocation.print(
                    new HeaderAnswer(
                            response, response.getHeader(), "lease %016x revoked".formatted(id)));
        } catch (GrpcException e) {
            throw CtlFailure.error("failed to revoke lease (" + Remote.words(e) + ")");
        }
    }
}
