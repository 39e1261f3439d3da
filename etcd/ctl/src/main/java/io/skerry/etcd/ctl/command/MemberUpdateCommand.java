package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MemberUpdateRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import java.util.List;

/** Tells where a member is reached by the others from now on. */
public final class MemberUpdateCommand implements Command {
    @Override
    public String usage() {
        return "MEMBER --peer-urls URL[,URL...]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(PeerUrls.FLAG);
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id = MemberIds.only(invocation);
        List<String> urls = PeerUrls.of(invocation);
        var request = MemberUpdateRequest.newBuilder().setID(id).addAllPeerURLs(urls).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.MEMBER_UPDATE, request);
            invocation.print(
                    new PlainAnswer(
                            response,
                            "Member %16x updated in cluster %16x\n"
                                    .formatted(id, response.getHeader().getClusterId())));
        }
    }
}
