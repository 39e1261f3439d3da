package io.skerry.etcd.ctl.command;

import com.google.protobuf.Message;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleAddResponse;
import io.etcd.jetcd.api.AuthRoleDeleteRequest;
import io.etcd.jetcd.api.AuthRoleDeleteResponse;
import io.etcd.jetcd.api.AuthUserDeleteRequest;
import io.etcd.jetcd.api.AuthUserDeleteResponse;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleResponse;
import io.etcd.jetcd.api.AuthUserRevokeRoleRequest;
import io.etcd.jetcd.api.AuthUserRevokeRoleResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.function.Function;

/**
 * A change of users or roles that takes nothing but their names, and tells that it was made.
 *
 * @param usage one word for each name
 * @param otherwise what is said for another number of words
 * @param done what is said in the end, with a place for each name
 */
public record NamesCommand<Q extends Message, R extends Message>(
        String usage,
        String otherwise,
        GrpcMethod<Q, R> method,
        Function<List<String>, Q> request,
        Function<R, ResponseHeader> header,
        String done)
        implements Command {

    /** Adds a role. */
    public static Command roleAdd() {
        return new NamesCommand<>(
                "ROLE",
                "role add command requires role name as its argument",
                EtcdMethods.ROLE_ADD,
                names ->
                        AuthRoleAddRequest.newBuilder()
                                .setNameBytes(ByteText.bytes(names.getFirst()))
                                .build(),
                AuthRoleAddResponse::getHeader,
                "Role %s created");
    }

    /** Deletes a role. */
    public static Command roleDelete() {
        return new NamesCommand<>(
                "ROLE",
                "role delete command requires role name as its argument",
                EtcdMethods.ROLE_DELETE,
                names ->
                        AuthRoleDeleteRequest.newBuilder()
                                .setRoleBytes(ByteText.bytes(names.getFirst()))
                                .build(),
                AuthRoleDeleteResponse::getHeader,
                "Role %s deleted");
    }

    /** Deletes a user. */
    public static Command userDelete() {
        return new NamesCommand<>(
                "USER",
                "user delete command requires user name as its argument",
                EtcdMethods.USER_DELETE,
                names ->
                        AuthUserDeleteRequest.newBuilder()
                                .setNameBytes(ByteText.bytes(names.getFirst()))
                                .build(),
                AuthUserDeleteResponse::getHeader,
                "User %s deleted");
    }

    /** Gives a user a role. */
    public static Command userGrantRole() {
        return new NamesCommand<>(
                "USER ROLE",
                "user grant command requires user name and role name as its argument",
                EtcdMethods.USER_GRANT_ROLE,
                names ->
                        AuthUserGrantRoleRequest.newBuilder()
                                .setUserBytes(ByteText.bytes(names.getFirst()))
                                .setRoleBytes(ByteText.bytes(names.get(1)))
                                .build(),
                AuthUserGrantRoleResponse::getHeader,
                "Role %2$s is granted to user %1$s");
    }

    /** Takes a role from a user. */
    public static Command userRevokeRole() {
        return new NamesCommand<>(
                "USER ROLE",
                "user revoke-role requires user name and role name as its argument",
                EtcdMethods.USER_REVOKE_ROLE,
                names ->
                        AuthUserRevokeRoleRequest.newBuilder()
                                .setNameBytes(ByteText.bytes(names.getFirst()))
                                .setRoleBytes(ByteText.bytes(names.get(1)))
                                .build(),
                AuthUserRevokeRoleResponse::getHeader,
                "Role %2$s is revoked from user %1$s");
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var names = invocation.words();
        if (names.size() != usage.split(" ", -1).length) {
            throw CtlFailure.arguments(otherwise);
        }
        try (var remote = invocation.connect()) {
            R response = remote.write(method, request.apply(names));
            String line = done.formatted(names.toArray());
            invocation.print(new HeaderAnswer(response, header.apply(response), line));
        }
    }
}
