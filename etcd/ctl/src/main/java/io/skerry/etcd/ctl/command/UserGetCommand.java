package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserGetRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PlainAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.stream.Collectors;

/** Shows which roles a user has, and what they may do. */
public final class UserGetCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] USER";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("detail", "what the roles may do, too"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String user = invocation.onlyWord("user get command requires user name as its argument");
        var request = AuthUserGetRequest.newBuilder().setNameBytes(ByteText.bytes(user)).build();
        try (var remote = invocation.connect()) {
            var response = remote.read(EtcdMethods.USER_GET, request);
            var roles =
                    response.getRolesList().asByteStringList().stream().map(ByteText::of).toList();
            if (!invocation.on("detail")) {
                String line = roles.stream().map(" "::concat).collect(Collectors.joining());
                invocation.print(
                        new PlainAnswer(response, "User: " + user + "\nRoles:" + line + "\n"));
                return;
            }
            invocation.line("User: " + user);
            for (String role : roles) {
                invocation.line("");
                invocation.print(RoleGetCommand.ask(remote, role));
            }
        }
    }
}
