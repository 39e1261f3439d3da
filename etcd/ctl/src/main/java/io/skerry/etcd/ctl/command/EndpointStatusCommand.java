package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.StatusRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.StatusAnswer;
import io.skerry.etcd.ctl.answer.StatusAnswer.Status;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.ArrayList;
import java.util.List;

/** Tells how each member fares. */
public final class EndpointStatusCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS]   (endpoint, ID, version, size, whether it leads, whether it is a learner,"
                + " raft term, raft index, applied index, errors)";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Endpoints.CLUSTER);
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.format();
        var found = new ArrayList<Status>();
        List<String> failures =
                new EachEndpoint(
                                invocation,
                                Endpoints.of(invocation),
                                "Failed to get the status of endpoint %s (%s)")
                        .ask(
                                EtcdMethods.STATUS,
                                StatusRequest.getDefaultInstance(),
                                Remote.Effect.READS,
                                (endpoint, response) -> found.add(new Status(endpoint, response)));
        invocation.print(new StatusAnswer(found));
        if (!failures.isEmpty()) {
            throw CtlFailure.told(ExitStatus.ERROR);
        }
    }
}
