package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MemberRemoveRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Removes a member. */
public final class MemberRemoveCommand implements Command {
    @Override
    public String usage() {
        return "MEMBER";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id = MemberIds.only(invocation);
        var request = MemberRemoveRequest.newBuilder().setID(id).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.MEMBER_REMOVE, request);
            invocation.print(
                    new PlainAnswer(
                            response,
                            "Member %16x removed from cluster %16x\n"
                                    .formatted(id, response.getHeader().getClusterId())));
        }
    }
}
