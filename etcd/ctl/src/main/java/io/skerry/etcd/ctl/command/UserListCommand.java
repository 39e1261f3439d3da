package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserListRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.stream.Collectors;

/** Lists the users. */
public final class UserListCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("user list command requires no arguments");
        try (var remote = invocation.connect()) {
            var response =
                    remote.read(EtcdMethods.USER_LIST, AuthUserListRequest.getDefaultInstance());
            String names =
                    response.getUsersList().asByteStringList().stream()
                            .map(ByteText::of)
                            .map(name -> name + "\n")
                            .collect(Collectors.joining());
            invocation.print(new PlainAnswer(response, names));
        }
    }
}
