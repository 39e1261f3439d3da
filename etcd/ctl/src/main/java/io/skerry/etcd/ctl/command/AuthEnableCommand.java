package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;

/** Turns authentication on; a user root who lacks the role root is given it. */
public final class AuthEnableCommand implements Command {
    private static final ByteString ROOT = ByteString.copyFromUtf8("root");
    private static final String NO_ROLE = "etcdserver: root user does not have root role";

    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("auth enable command does not accept any arguments");
        try (var remote = invocation.connect()) {
            try {
                enable(remote);
            } catch (CtlFailure e) {
                if (!e.words().equals(NO_ROLE)) {
                    throw e;
                }
                remote.write(
                        EtcdMethods.ROLE_ADD,
                        AuthRoleAddRequest.newBuilder().setNameBytes(ROOT).build());
                remote.write(
                        EtcdMethods.USER_GRANT_ROLE,
                        AuthUserGrantRoleRequest.newBuilder()
                                .setUserBytes(ROOT)
                                .setRoleBytes(ROOT)
                                .build());
                enable(remote);
            }
        }
        invocation.line("Authentication Enabled");
    }

    private static void enable(Remote remote) throws CtlFailure, InterruptedException {
        remote.write(EtcdMethods.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance());
    }
}
