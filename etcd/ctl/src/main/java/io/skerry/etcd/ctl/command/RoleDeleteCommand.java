package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleDeleteRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;

/** Deletes a role. */
public final class RoleDeleteCommand implements Command {
    @Override
    public String usage() {
        return "ROLE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String name = invocation.onlyWord("role delete command requires role name as its argument");
        var request = AuthRoleDeleteRequest.newBuilder().setRoleBytes(ByteText.bytes(name)).build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.ROLE_DELETE, request);
            invocation.print(
                    new HeaderAnswer(
                            response, response.getHeader(), "Role %s deleted".formatted(name)));
        }
    }
}
