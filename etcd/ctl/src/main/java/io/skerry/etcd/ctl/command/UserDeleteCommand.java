package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserDeleteRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;

/** Deletes a user. */
public final class UserDeleteCommand implements Command {
    @Override
    public String usage() {
        return "USER";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String name = invocation.onlyWord("user delete command requires user name as its argument");
        var request = AuthUserDeleteRequest.newBuilder().setNameBytes(ByteText.bytes(name)).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.USER_DELETE, request);
            invocation.print(
                    new HeaderAnswer(
                            response, response.getHeader(), "User %s deleted".formatted(name)));
        }
    }
}
