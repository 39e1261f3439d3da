package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MemberListRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.MembersAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Lists the members. */
public final class MemberListCommand implements Command {
    @Override
    public String usage() {
        return "   (ID, status, name, peer URLs, client URLs, whether it is a learner)";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        try (var remote = invocation.connect()) {
            invocation.print(
                    new MembersAnswer(
                            remote.read(
                                    EtcdMethods.MEMBER_LIST,
                                    MemberListRequest.getDefaultInstance())));
        }
    }
}
