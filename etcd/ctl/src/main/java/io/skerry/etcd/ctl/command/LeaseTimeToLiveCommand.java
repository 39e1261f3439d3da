package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.TimeToLiveAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.List;

/** Tells how long a lease has to live, and which keys it has. */
public final class LeaseTimeToLiveCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] LEASE";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("keys", "its keys, too"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id =
                LeaseIds.parse(
                        invocation.onlyWord("lease timetolive command needs lease ID as argument"));
        boolean keys = invocation.on("keys");
        var request = LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys).build();
        try (var remote = invocation.connect()) {
            var response =
                    remote.call(
                            EtcdMethods.LEASE_TIME_TO_LIVE,
                            request,
                            Remote.Effect.READS,
                            ExitStatus.BAD_CONNECTION);
            invocation.print(new TimeToLiveAnswer(response, keys));
        }
    }
}
