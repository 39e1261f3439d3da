package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MemberPromoteRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Gives a learner its vote. */
public final class MemberPromoteCommand implements Command {
    @Override
    public String usage() {
        return "MEMBER";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id = MemberIds.only(invocation);
        var request = MemberPromoteRequest.newBuilder().setID(id).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.MEMBER_PROMOTE, request);
            invocation.print(
                    new PlainAnswer(
                            response,
                            "Member %16x promoted in cluster %16x\n"
                                    .formatted(id, response.getHeader().getClusterId())));
        }
    }
}
