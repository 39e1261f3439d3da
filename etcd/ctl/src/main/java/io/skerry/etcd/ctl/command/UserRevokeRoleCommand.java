package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserRevokeRoleRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;

/** Takes a role from a user. */
public final class UserRevokeRoleCommand implements Command {
    @Override
    public String usage() {
        return "USER ROLE";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.size() != 2) {
            throw CtlFailure.arguments(
                    "user revoke-role requires user name and role name as its argument");
        }
        var request =
                AuthUserRevokeRoleRequest.newBuilder()
                        .setNameBytes(ByteText.bytes(words.getFirst()))
                        .setRoleBytes(ByteText.bytes(words.get(1)))
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.USER_REVOKE_ROLE, request);
            invocation.print(
                    new HeaderAnswer(
                            response,
                            response.getHeader(),
                            "Role %s is revoked from user %s"
                                    .formatted(words.get(1), words.getFirst())));
        }
    }
}
