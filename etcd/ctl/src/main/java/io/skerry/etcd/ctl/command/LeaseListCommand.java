package io.skerry.etcd.ctl.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.client.LeaseList;
import io.skerry.etcd.ctl.answer.LeasesAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.remote.Remote;

/** Lists the leases. */
public final class LeaseListCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        try (var remote = invocation.connect()) {
            var response =
                    remote.call(
                            EtcdMethods.LEASE_LEASES,
                            UnknownFieldSet.getDefaultInstance(),
                            Remote.Effect.READS,
                            ExitStatus.BAD_CONNECTION);
            invocation.print(new LeasesAnswer(LeaseList.decode(response)));
        } catch (InvalidProtocolBufferException e) {
            throw CtlFailure.error("the list of leases cannot be read: " + e.getMessage());
        }
    }
}
