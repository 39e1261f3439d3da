package io.skerry.etcd.ctl.command;

import com.google.protobuf.UnknownFieldSet;
import io.skerry.etcd.client.AuthStatus;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.AuthStatusAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Tells whether authentication is on. */
public final class AuthStatusCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("auth status command does not accept any arguments");
        try (var remote = invocation.connect()) {
            var response =
                    remote.read(EtcdMethods.AUTH_STATUS, UnknownFieldSet.getDefaultInstance());
            invocation.print(new AuthStatusAnswer(AuthStatus.decode(response)));
        }
    }
}
