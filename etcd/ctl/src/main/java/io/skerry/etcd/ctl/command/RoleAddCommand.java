package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;

/** Adds a role. */
public final class RoleAddCommand implements Command {
    @Override
    public String usage() {
        return "ROLE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String name = invocation.onlyWord("role add command requires role name as its argument");
        var request = AuthRoleAddRequest.newBuilder().setNameBytes(ByteText.bytes(name)).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.ROLE_ADD, request);
            invocation.print(
                    new HeaderAnswer(
                            response, response.getHeader(), "Role %s created".formatted(name)));
        }
    }
}
