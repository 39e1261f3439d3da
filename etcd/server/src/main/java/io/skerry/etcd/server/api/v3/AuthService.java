package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.etcd.jetcd.api.AuthRoleGetResponse;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthRoleListResponse;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserGetRequest;
import io.etcd.jetcd.api.AuthUserGetResponse;
import io.etcd.jetcd.api.AuthUserListResponse;
import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.client.AuthStatus;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.server.auth.AuthChange;
import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.auth.Denial;
import io.skerry.etcd.server.auth.Passwords;
import io.skerry.etcd.server.auth.Role;
import io.skerry.etcd.server.auth.User;
import io.skerry.etcd.server.auth.token.Tokens;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The service {@code etcdserverpb.Auth}. Changes go through the log, and whether the caller may
 * make them is decided when they are applied; what is read is read linearizably. Passwords are
 * hashed here and go no further.
 */
final class AuthService {
    private final Calls calls;
    private final Identity identity;
    private final Passwords passwords;
    private final PasswordLogin login;

    AuthService(
            EtcdStateMachine store,
            Calls calls,
            Identity identity,
            Passwords passwords,
            Tokens tokens) {
        this.calls = calls;
        this.identity = identity;
        this.passwords = passwords;
        this.login = new PasswordLogin(store, calls, identity, passwords, tokens);
    }

    void register(GrpcRouter router) {
        router.unary(EtcdMethods.AUTHENTICATE, login::authenticate)
                .unary(EtcdMethods.AUTH_STATUS, this::status)
                .unary(
                        EtcdMethods.AUTH_ENABLE,
                        (request, context) -> change(context, request, new AuthChange.Enable()))
                .unary(
                        EtcdMethods.AUTH_DISABLE,
                        (request, context) -> change(context, request, new AuthChange.Disable()));
        registerUsers(router);
        registerRoles(router);
    }

    private void registerUsers(GrpcRouter router) {
        router.unary(EtcdMethods.USER_ADD, this::addUser)
                .unary(EtcdMethods.USER_CHANGE_PASSWORD, this::changePassword)
                .unary(EtcdMethods.USER_GET, this::user)
                .unary(EtcdMethods.USER_LIST, (_, context) -> users(context))
                .unary(
                        EtcdMethods.USER_DELETE,
                        (request, context) ->
                                change(
                                        context,
                                        request,
                                        new AuthChange.DeleteUser(request.getName())))
                .unary(
                        EtcdMethods.USER_GRANT_ROLE,
                        (request, context) ->
                                change(
                                        context,
                                        request,
                                        new AuthChange.GrantRole(
                                                request.getUser(), request.getRole())))
                .unary(
                        EtcdMethods.USER_REVOKE_ROLE,
                        (request, context) ->
                                change(
                                        context,
                                        request,
                                        new AuthChange.RevokeRole(
                                                request.getName(), request.getRole())));
    }

    private void registerRoles(GrpcRouter router) {
        router.unary(EtcdMethods.ROLE_GET, this::role)
                .unary(EtcdMethods.ROLE_LIST, (_, context) -> roles(context))
                .unary(EtcdMethods.ROLE_GRANT_PERMISSION, this::grantPermission)
                .unary(
                        EtcdMethods.ROLE_ADD,
                        (request, context) ->
                                change(context, request, new AuthChange.AddRole(request.getName())))
                .unary(
                        EtcdMethods.ROLE_DELETE,
                        (request, context) ->
                                change(
                                        context,
                                        request,
                                        new AuthChange.DeleteRole(request.getRole())))
                .unary(
                        EtcdMethods.ROLE_REVOKE_PERMISSION,
                        (request, context) ->
                                change(
                                        context,
                                        request,
                                        new AuthChange.RevokePermission(
                                                request.getRole(),
                                                request.getKey(),
                                                request.getRangeEnd())));
    }

    private CompletionStage<ByteString> change(
            GrpcContext context, MessageLite request, AuthChange change) {
        return calls.propose(context, request, () -> {}, new Command.ChangeAuth(change));
    }

    private CompletionStage<ByteString> status(UnknownFieldSet request, GrpcContext context) {
        return calls.read(
                context,
                true,
                Calls.Rule.OPEN,
                now ->
                        new AuthStatus(now.auth().enabled(), now.auth().revision())
                                .encode(identity.header(now.view().revision())));
    }

    private CompletionStage<ByteString> addUser(AuthUserAddRequest request, GrpcContext context) {
        boolean noPassword = NoPassword.asked(request);
        if (noPassword) {
            return change(context, request, new AuthChange.AddUser(request.getName(), "", true));
        }
        return hashed(context, request.getPassword())
                .thenCompose(hash ->
                        change(
                                context,
                                request,
                                new AuthChange.AddUser(request.getName(), hash, false)));
    }

    private CompletionStage<ByteString> changePassword(
            AuthUserChangePasswordRequest request, GrpcContext context) {
        return hashed(context, request.getPassword())
                .thenCompose(hash ->
                        change(
                                context,
                                request,
                                new AuthChange.ChangePassword(request.getName(), hash)));
    }

    /** Who may not change users anyway does not get the work of hashing done. */
    private CompletionStage<String> hashed(GrpcContext context, String password) {
        return calls.read(context, true, Calls.Rule.ROOT, _ -> true)
                .thenCompose(_ -> passwords.hash(password));
    }

    private CompletionStage<ByteString> user(AuthUserGetRequest request, GrpcContext context) {
        return calls.read(
                context,
                true,
                (state, caller, _) -> state.requireMaySeeUser(caller, request.getName()),
                now -> {
                    var user =
                            Calls.found(now.auth().user(request.getName()), Denial.USER_NOT_FOUND);
                    return AuthUserGetResponse.newBuilder()
                            .setHeader(identity.header(now.view().revision()))
                            .addAllRoles(user.roles())
                            .build()
                            .toByteString();
                });
    }

    private CompletionStage<ByteString> users(GrpcContext context) {
        return calls.read(
                context,
                true,
                Calls.Rule.ROOT,
                now ->
                        AuthUserListResponse.newBuilder()
                                .setHeader(identity.header(now.view().revision()))
                                .addAllUsers(now.auth().users().stream().map(User::name).toList())
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> role(AuthRoleGetRequest request, GrpcContext context) {
        return calls.read(
                context,
                true,
                (state, caller, _) -> state.requireMaySeeRole(caller, request.getRole()),
                now -> {
                    var role =
                            Calls.found(now.auth().role(request.getRole()), Denial.ROLE_NOT_FOUND);
                    var response =
                            AuthRoleGetResponse.newBuilder()
                                    .setHeader(identity.header(now.view().revision()));
                    if (role.name().equals(AuthState.ROOT)) {
                        response.addPerm(Permissions.EVERYTHING);
                    } else {
                        role.permissions().stream()
                                .map(Permissions::toMessage)
                                .forEach(response::addPerm);
                    }
                    return response.build().toByteString();
                });
    }

    private CompletionStage<ByteString> roles(GrpcContext context) {
        return calls.read(
                context,
                true,
                Calls.Rule.ROOT,
                now ->
                        AuthRoleListResponse.newBuilder()
                                .setHeader(identity.header(now.view().revision()))
                                .addAllRoles(now.auth().roles().stream().map(Role::name).toList())
                                .build()
                                .toByteString());
    }

    private CompletionStage<ByteString> grantPermission(
            AuthRoleGrantPermissionRequest request, GrpcContext context) {
        if (!request.hasPerm()) {
            return CompletableFuture.failedFuture(Denial.PERMISSION_NOT_GIVEN.exception());
        }
        var permission = Permissions.fromMessage(request.getPerm());
        return permission == null
                ? CompletableFuture.failedFuture(Denial.INVALID_MANAGEMENT.exception())
                : change(
                        context,
                        request,
                        new AuthChange.GrantPermission(request.getName(), permission));
    }
}
