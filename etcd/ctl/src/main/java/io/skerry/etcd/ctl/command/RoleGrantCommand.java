package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.Permission;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.Locale;

/** Lets a role read or write keys. */
public final class RoleGrantCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] ROLE read|write|readwrite KEY [RANGE_END]";
    }

    @Override
    public List<Flag> flags() {
        return PermissionSpan.FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.size() < 3) {
            throw CtlFailure.arguments(
                    "role grant command requires role name, permission type, and key [endkey] as"
                            + " its argument");
        }
        String type = words.get(1);
        if (!List.of("read", "write", "readwrite").contains(type.toLowerCase(Locale.ROOT))) {
            throw CtlFailure.arguments("invalid permission type: " + type);
        }
        PermissionSpan span = PermissionSpan.of(invocation.given(), 2);
        var permission =
                Permission.newBuilder()
                        .setPermType(Permission.Type.valueOf(type.toUpperCase(Locale.ROOT)))
                        .setKey(ByteText.bytes(span.start()))
                        .setRangeEnd(ByteText.bytes(span.end()));
        var request =
                AuthRoleGrantPermissionRequest.newBuilder()
                        .setNameBytes(ByteText.bytes(words.getFirst()))
                        .setPerm(permission)
                        .build();
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.ROLE_GRANT_PERMISSION, request);
            invocation.print(
                    new HeaderAnswer(
                            response,
                            response.getHeader(),
                            "Role %s updated".formatted(words.getFirst())));
        }
    }
}
