package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.RoleAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;

/** Shows what a role may do. */
public final class RoleGetCommand implements Command {
    @Override
    public String usage() {
        return "ROLE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String role = invocation.onlyWord("role get command requires role name as its argument");
        try (var remote = invocation.connect()) {
            invocation.print(ask(remote, role));
        }
    }

    static RoleAnswer ask(Remote remote, String role) throws CtlFailure, InterruptedException {
        var request = AuthRoleGetRequest.newBuilder().setRoleBytes(ByteText.bytes(role)).build();
        return new RoleAnswer(remote.read(EtcdMethods.ROLE_GET, request), role);
    }
}
