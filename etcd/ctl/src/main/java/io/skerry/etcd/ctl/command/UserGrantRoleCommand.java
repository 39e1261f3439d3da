package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;

/** Gives a user a role. */
public final class UserGrantRoleCommand implements Command {
    @Override
    public String usage() {
        return "USER ROLE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.size() != 2) {
            throw CtlFailure.arguments(
                    "user grant command requires user name and role name as its argument");
        }
        var request =
                AuthUserGrantRoleRequest.newBuilder()
                        .setUserBytes(ByteText.bytes(words.getFirst()))
                        .setRoleBytes(ByteText.bytes(words.get(1)))
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.USER_GRANT_ROLE, request);
            invocation.print(
                    new HeaderAnswer(
                            response,
                            response.getHeader(),
                            "Role %s is granted to user %s"
                                    .formatted(words.get(1), words.getFirst())));
        }
    }
}
