package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.GoNumbers;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.List;

/** Makes another member lead. */
public final class MoveLeaderCommand implements Command {
    @Override
    public String usage() {
        return "MEMBER   (one of --endpoints must be the leader)";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String word = invocation.onlyWord("move-leader command needs 1 argument");
        long target;
        try {
            target = GoNumbers.parseUnsigned(word, 16);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.arguments(e.words());
        }
        invocation.format();
        var settings = invocation.settings();
        for (String endpoint : settings.endpoints()) {
            try (var remote =
                    Remote.connect(settings.at(List.of(endpoint)), invocation.console())) {
                var status = remote.read(EtcdMethods.STATUS, StatusRequest.getDefaultInstance());
                if (status.getLeader() != status.getHeader().getMemberId()) {
                    continue;
                }
                var request = MoveLeaderRequest.newBuilder().setTargetID(target).build();
                var response = remote.write(EtcdMethods.MOVE_LEADER, request);
                invocation.print(
                        new PlainAnswer(
                                response,
                                "Leadership transferred from %x to %x\n"
                                        .formatted(status.getLeader(), target)));
                return;
            }
        }
        throw CtlFailure.arguments(
                "no leader endpoint given at [" + String.join(" ", settings.endpoints()) + "]");
    }
}
