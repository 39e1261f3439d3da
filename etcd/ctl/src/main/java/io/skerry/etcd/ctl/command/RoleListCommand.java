package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleListRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.RolesAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.stream.Collectors;

/** Lists the roles. */
public final class RoleListCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("role list command requires no arguments");
        try (var remote = invocation.connect()) {
            var response =
                    remote.read(EtcdMethods.ROLE_LIST, AuthRoleListRequest.getDefaultInstance());
            String names =
                    response.getRolesList().asByteStringList().stream()
                            .map(ByteText::of)
                            .map(name -> name + "\n")
                            .collect(Collectors.joining());
            invocation.print(new RolesAnswer(response, names));
        }
    }
}
