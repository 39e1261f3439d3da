package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.LeaseAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.GoNumbers;
import io.skerry.etcd.ctl.remote.Remote;

/** Grants a lease. */
public final class LeaseGrantCommand implements Command {
    @Override
    public String usage() {
        return "TTL";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String word = invocation.onlyWord("lease grant command needs TTL argument");
        long seconds;
        try {
            seconds = GoNumbers.parseLong(word, 10);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.arguments("bad TTL (" + e.words() + ")");
        }
        var request = LeaseGrantRequest.newBuilder().setTTL(seconds).build();
        try (var remote = invocation.connect()) {
            invocation.print(
                    LeaseAnswer.granted(
                            remote.attempt(
                                    EtcdMethods.LEASE_GRANT,
                                    request,
                                    Remote.Effect.WRITES,
                                    remote.settings().commandTimeout())));
        } catch (GrpcException e) {
            throw CtlFailure.error("failed to grant lease (" + Remote.words(e) + ")");
        }
    }
}
