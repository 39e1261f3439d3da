package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthDisableRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Turns authentication off. */
public final class AuthDisableCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("auth disable command does not accept any arguments");
        try (var remote = invocation.connect()) {
            remote.write(EtcdMethods.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance());
        }
        invocation.line("Authentication Disabled");
    }
}
