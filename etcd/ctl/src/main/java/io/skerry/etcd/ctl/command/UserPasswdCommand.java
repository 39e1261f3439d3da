package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;

/** Gives a user another password. */
public final class UserPasswdCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] USER";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Flag.on("interactive", "ask at the terminal; if false, read standard input")
                        .onAlready());
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String user = invocation.onlyWord("user passwd command requires user name as its argument");
        String password = NewPassword.read(invocation, user);
        var request =
                AuthUserChangePasswordRequest.newBuilder()
                        .setNameBytes(ByteText.bytes(user))
                        .setPasswordBytes(ByteText.bytes(password))
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.USER_CHANGE_PASSWORD, request);
            invocation.print(new HeaderAnswer(response, response.getHeader(), "Password updated"));
        }
    }
}
