package io.skerry.etcd.server.api.v2;

import io.skerry.base.grpc.GrpcException;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpReply;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.v2store.NodeErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** {@code /v2/auth}: users, roles and the switch. */
final class AuthHandler {
    /** Of all but the lists. */
    private static final List<String> METHODS = List.of("GET", "PUT", "DELETE");

    private final ReplicatedLog log;
    private final UserStore store;
    private final PasswordCheck passwords;
    private final AccessControl access;

    AuthHandler(ReplicatedLog log, UserStore store, PasswordCheck passwords, AccessControl access) {
        this.log = log;
        this.store = store;
        this.passwords = passwords;
        this.access = access;
    }

    @FunctionalInterface
    private interface Answer {
        HttpReply give() throws NodeErrorException, AuthException, InterruptedException;
    }

    private HttpReply answer(Answer answer) throws InterruptedException {
        try {
            return answer.give();
        } catch (AuthException e) {
            return error(e.httpStatus(), String.valueOf(e.getMessage()));
        } catch (NodeErrorException e) {
            return Replies.error(log.status(), e.error());
        }
    }

    private HttpReply error(int status, String message) {
        return Replies.error(status, log.status(), message);
    }

    private HttpReply json(int status, String json) {
        return Replies.full(
                status, Replies.headers(log.status()), json.getBytes(StandardCharsets.UTF_8));
    }

    /** What stands behind the collection's path; a slash more or less makes no difference. */
    private static List<String> rest(HttpCall call) {
        return List.of(call.parameter("name").split("/", -1)).stream()
                .filter(part -> !part.isEmpty())
                .toList();
    }

    HttpReply users(HttpCall call) throws InterruptedException {
        return answer(() -> {
            var name = rest(call);
            return switch (name.size()) {
                case 0 -> asRoot(call, List.of("GET"), this::allUsers);
                case 1 -> asRoot(call, METHODS, () -> user(call, name.getFirst()));
                default -> Replies.error(400, "Invalid path");
            };
        });
    }

    HttpReply roles(HttpCall call) throws InterruptedException {
        return answer(() -> {
            var name = rest(call);
            return switch (name.size()) {
                case 0 -> asRoot(call, List.of("GET"), this::allRoles);
                case 1 -> asRoot(call, METHODS, () -> role(call, name.getFirst()));
                default -> Replies.error(400, "Invalid path");
            };
        });
    }

    /** Gives root an answer to one of these methods. */
    private HttpReply asRoot(HttpCall call, List<String> methods, Answer answer)
            throws NodeErrorException, AuthException, InterruptedException {
        if (!methods.contains(call.method())) {
            return Replies.methodNotAllowed(methods.toArray(String[]::new));
        }
        return access.root(call) ? answer.give() : Replies.noCredentials();
    }

    private HttpReply allUsers() throws NodeErrorException, AuthException {
        var all = new ArrayList<String>();
        for (String name : store.users()) {
            var user = store.user(name).value();
            all.add(AuthJson.of(user, rolesOf(user, false)));
        }
        String list = all.isEmpty() ? "null" : "[" + String.join(",", all) + "]";
        return json(200, "{\"users\":" + list + "}\n");
    }

    /** Roles that do not exist are left out, or make the request fail. */
    private List<Role> rolesOf(User user, boolean mustExist)
            throws NodeErrorException, AuthException {
        var roles = new ArrayList<Role>();
        for (String name : user.roleNames()) {
            try {
                roles.add(store.role(name).value());
            } catch (AuthException e) {
                if (mustExist) {
                    throw e;
                }
            }
        }
        return roles;
    }

    private HttpReply allRoles() throws NodeErrorException, AuthException {
        var all = new ArrayList<String>();
        for (String name : store.roles()) {
            all.add(AuthJson.of(store.role(name).value()));
        }
        return json(200, "{\"roles\":[" + String.join(",", all) + "]}\n");
    }

    private HttpReply user(HttpCall call, String name)
            throws NodeErrorException, AuthException, InterruptedException {
        return switch (call.method()) {
            case "GET" -> {
                var user = store.user(name).value();
                yield json(200, AuthJson.of(user, rolesOf(user, true)) + "\n");
            }
            case "PUT" -> {
                User wanted;
                try {
                    wanted = AuthJson.user(call.bodyText());
                } catch (AuthJson.MalformedException e) {
                    yield error(400, "Invalid JSON in request body.");
                }
                yield wanted.user().equals(name)
                        ? put(wanted)
                        : error(400, "User JSON name does not match the name in the URL");
            }
            default -> {
                if (name.equals(User.ROOT_NAME) && store.enabled()) {
                    throw new AuthException(403, "Cannot delete root user while auth is enabled.");
                }
                if (!store.deleteUser(name)) {
                    throw new AuthException(404, "User " + name + " does not exist");
                }
                yield json(200, "");
            }
        };
    }

    private HttpReply put(User wanted)
            throws NodeErrorException, AuthException, InterruptedException {
        if (wanted.changesRoles() && !wanted.roleNames().isEmpty()) {
            return error(400, "User JSON contains both roles and grant/revoke");
        }
        boolean exists = store.users().contains(wanted.user());
        if (wanted.changesRoles() || (exists && wanted.roleNames().isEmpty())) {
            return told(200, update(wanted));
        }
        // etcd tells of a creation only if no roles come with it.
        return told(wanted.roleNames().isEmpty() ? 201 : 200, create(wanted));
    }

    private HttpReply told(int status, User user) {
        return json(status, AuthJson.of(user.withPassword("")) + "\n");
    }

    private User create(User wanted)
            throws NodeErrorException, AuthException, InterruptedException {
        if (wanted.password().isEmpty()) {
            throw new AuthException(
                    400, "Cannot create user " + wanted.user() + " with an empty password");
        }
        var user = wanted.withRootRole().withPassword(hash(wanted.password()));
        store.create(user);
        return user;
    }

    private User update(User wanted)
            throws NodeErrorException, AuthException, InterruptedException {
        String hash = wanted.password().isEmpty() ? "" : hash(wanted.password());
        return store.update(
                wanted.user(),
                before -> {
                    var after = before.changedBy(wanted, hash);
                    if (after.equals(before)) {
                        throw new AuthException(
                                400,
                                "User not updated. Use grant/revoke/password to update the user.");
                    }
                    return after;
                });
    }

    private String hash(String password) throws AuthException, InterruptedException {
        try {
            return passwords.hash(password);
        } catch (ExecutionException e) {
            throw new AuthException(400, String.valueOf(GrpcException.from(e).getMessage()));
        }
    }

    private HttpReply role(HttpCall call, String name)
            throws NodeErrorException, AuthException, InterruptedException {
        return switch (call.method()) {
            case "GET" -> json(200, AuthJson.of(store.role(name).value()) + "\n");
            case "PUT" -> {
                Role wanted;
                try {
                    wanted = AuthJson.role(call.bodyText());
                } catch (AuthJson.MalformedException e) {
                    yield error(400, "Invalid JSON in request body.");
                }
                yield wanted.role().equals(name)
                        ? put(wanted)
                        : error(400, "Role JSON name does not match the name in the URL");
            }
            default -> {
                refuseRootRole(name);
                if (!store.deleteRole(name)) {
                    throw new AuthException(404, "Role " + name + " doesn't exist.");
                }
                yield json(200, "");
            }
        };
    }

    private HttpReply put(Role wanted)
            throws NodeErrorException, AuthException, InterruptedException {
        if (!wanted.changes()) {
            refuseRootRole(wanted.role());
            store.create(wanted);
            return json(201, AuthJson.of(wanted) + "\n");
        }
        if (!wanted.permissions().empty()) {
            return error(400, "Role JSON contains both permissions and grant/revoke");
        }
        refuseRootRole(wanted.role());
        var changed =
                store.update(
                        before -> {
                            var after = before.changedBy(wanted);
                            if (after.equals(before)) {
                                throw new AuthException(
                                        400,
                                        "Role not updated. Use grant/revoke to update the role.");
                            }
                            return after;
                        },
                        wanted.role());
        return json(200, AuthJson.of(changed) + "\n");
    }

    private static void refuseRootRole(String name) throws AuthException {
        if (name.equals(Role.ROOT_NAME)) {
            throw new AuthException(403, "Cannot modify role " + name + ": is root role.");
        }
    }

    HttpReply enable(HttpCall call) throws InterruptedException {
        if (!METHODS.contains(call.method())) {
            return Replies.methodNotAllowed(METHODS.toArray(String[]::new));
        }
        return answer(() -> {
            boolean enabled = store.enabled();
            if (call.method().equals("GET")) {
                return json(200, "{\"enabled\":" + enabled + "}\n");
            }
            if (!access.root(call)) {
                return Replies.noCredentials();
            }
            if (call.method().equals("PUT")) {
                enable(enabled);
            } else if (enabled) {
                store.enable(false);
            } else {
                throw new AuthException(409, "already disabled");
            }
            return json(200, "");
        });
    }

    private void enable(boolean enabled)
            throws NodeErrorException, AuthException, InterruptedException {
        if (enabled) {
            throw new AuthException(409, "already enabled");
        }
        if (!store.users().contains(User.ROOT_NAME)) {
            throw new AuthException(409, "No root user available, please create one");
        }
        if (!store.roles().contains(Role.GUEST_NAME)) {
            store.create(Role.GUEST);
        }
        store.enable(true);
    }
}
