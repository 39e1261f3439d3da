package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleRevokePermissionRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;

/** Takes a permission from a role. */
public final class RoleRevokeCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] ROLE KEY [RANGE_END]";
    }

    @Override
    public List<Flag> flags() {
        return PermissionSpan.FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.size() < 2) {
            throw CtlFailure.arguments(
                    "role revoke-permission command requires role name and key [endkey] as its"
                            + " argument");
        }
        PermissionSpan span = PermissionSpan.of(invocation.given(), 1);
        var request =
                AuthRoleRevokePermissionRequest.newBuilder()
                        .setRoleBytes(ByteText.bytes(words.getFirst()))
                        .setKey(ByteText.bytes(span.start()))
                        .setRangeEnd(ByteText.bytes(span.end()))
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.ROLE_REVOKE_PERMISSION, request);
            invocation.print(
                    new HeaderAnswer(
                            response,
                            response.getHeader(),
                            line(words.getFirst(), words.get(1), span.end())));
        }
    }

    private static String line(String role, String key, String end) {
        if (end.isEmpty()) {
            return "Permission of key %s is revoked from role %s".formatted(key, role);
        }
        return "Permission of range [%s, %s is revoked from role %s"
                .formatted(key, end.equals("\0") ? "<open ended>" : end + ")", role);
    }
}
