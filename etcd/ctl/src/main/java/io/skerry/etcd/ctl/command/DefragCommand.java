package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.DefragmentRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.List;

/** Gives back the disk space that each member no longer needs. */
public final class DefragCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Endpoints.CLUSTER,
                Flag.text("data-dir", "", "not here: skerry etcdutl defrag --data-dir"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        if (invocation.given().has("data-dir")) {
            throw CtlFailure.arguments(
                    "--data-dir is for members that are stopped: skerry etcdutl defrag --data-dir "
                            + invocation.given().text("data-dir"));
        }
        List<String> failures =
                new EachEndpoint(
                                invocation,
                                Endpoints.of(invocation),
                                "Failed to defragment etcd member[%s] (%s)")
                        .ask(
                                EtcdMethods.DEFRAGMENT,
                                DefragmentRequest.getDefaultInstance(),
                                Remote.Effect.READS,
                                (endpoint, response) ->
                                        invocation.line(
                                                "Finished defragmenting etcd member["
                                                        + endpoint
                                                        + "]"));
        if (!failures.isEmpty()) {
            throw CtlFailure.told(ExitStatus.ERROR);
        }
    }
}
