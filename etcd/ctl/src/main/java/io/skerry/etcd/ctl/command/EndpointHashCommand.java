package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.HashKVRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HashAnswer;
import io.skerry.etcd.ctl.answer.HashAnswer.Hash;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.ArrayList;
import java.util.List;

/** Hashes what each member holds. */
public final class EndpointHashCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Endpoints.CLUSTER, Flag.number("rev", 0, "up to this revision; 0: the newest"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.format();
        var request =
                HashKVRequest.newBuilder().setRevision(invocation.given().number("rev")).build();
        var found = new ArrayList<Hash>();
        List<String> failures =
                new EachEndpoint(
                                invocation,
                                Endpoints.of(invocation),
                                "Failed to get the hash of endpoint %s (%s)")
                        .ask(
                                EtcdMethods.HASH_KV,
                                request,
                                Remote.Effect.READS,
                                (endpoint, response) -> found.add(new Hash(endpoint, response)));
        invocation.print(new HashAnswer(found));
        if (!failures.isEmpty()) {
            throw CtlFailure.error(failures.getLast());
        }
    }
}
