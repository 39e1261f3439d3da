package io.skerry.etcd.server.auth;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What changes do to the state, and when etcd refuses them. Pure. */
final class AuthChanges {
    private AuthChanges() {}

    /**
     * The state after a change; the same object if the change is one already.
     *
     * @throws DeniedException if the change is refused
     */
    static AuthState apply(AuthState state, AuthChange change) throws DeniedException {
        return switch (change) {
            case AuthChange.Enable() -> enable(state);
            case AuthChange.Disable() ->
                    state.enabled()
                            ? new AuthState(
                                    false,
                                    state.revision() + 1,
                                    state.usersByName(),
                                    state.rolesByName())
                            : state;
            case AuthChange.AddUser(var name, var hash, boolean noPassword) -> {
                refuseIf(name.isEmpty(), Denial.USER_EMPTY);
                refuseIf(state.user(name) != null, Denial.USER_EXISTS);
                yield with(state, new User(name, hash, noPassword, List.of()));
            }
            case AuthChange.DeleteUser(var name) -> {
                refuseIf(state.enabled() && name.equals(AuthState.ROOT), Denial.INVALID_MANAGEMENT);
                var users = state.usersByName();
                refuseIf(users.remove(name) == null, Denial.USER_NOT_FOUND);
                yield next(state, users, state.rolesByName());
            }
            case AuthChange.ChangePassword(var name, var hash) -> {
                var user = user(state, name);
                yield with(state, user.noPassword() ? user : user.withPasswordHash(hash));
            }
            case AuthChange.GrantRole(var name, var role) -> grantRole(state, name, role);
            case AuthChange.RevokeRole(var name, var role) -> {
                refuseIf(
                        state.enabled()
                                && name.equals(AuthState.ROOT)
                                && role.equals(AuthState.ROOT),
                        Denial.INVALID_MANAGEMENT);
                var user = user(state, name);
                refuseIf(!user.roles().contains(role), Denial.ROLE_NOT_GRANTED);
                yield with(state, user.withoutRole(role));
            }
            case AuthChange.AddRole(var name) -> {
                refuseIf(name.isEmpty(), Denial.ROLE_EMPTY);
                refuseIf(state.role(name) != null, Denial.ROLE_EXISTS);
                yield with(state, new Role(name, List.of()));
            }
            case AuthChange.DeleteRole(var name) -> deleteRole(state, name);
            case AuthChange.GrantPermission(var name, var permission) -> {
                refuseIf(!permission.valid(), Denial.INVALID_MANAGEMENT);
                yield with(state, role(state, name).with(permission));
            }
            case AuthChange.RevokePermission(var name, var key, var rangeEnd) -> {
                var role = role(state, name);
                var less = role.without(key, rangeEnd);
                refuseIf(
                        less.permissions().size() == role.permissions().size(),
                        Denial.PERMISSION_NOT_GRANTED);
                yield with(state, less);
            }
        };
    }

    private static AuthState enable(AuthState state) throws DeniedException {
        if (state.enabled()) {
            return state;
        }
        var root = state.user(AuthState.ROOT);
        if (root == null) {
            throw new DeniedException(Denial.ROOT_USER_MISSING);
        }
        refuseIf(!root.root(), Denial.ROOT_ROLE_MISSING);
        return new AuthState(true, state.revision(), state.usersByName(), state.rolesByName());
    }

    /** The role root can be granted without having been added. */
    private static AuthState grantRole(AuthState state, String name, String role)
            throws DeniedException {
        var user = user(state, name);
        refuseIf(!role.equals(AuthState.ROOT) && state.role(role) == null, Denial.ROLE_NOT_FOUND);
        return user.roles().contains(role) ? state : with(state, user.withRole(role));
    }

    private static AuthState deleteRole(AuthState state, String name) throws DeniedException {
        refuseIf(state.enabled() && name.equals(AuthState.ROOT), Denial.INVALID_MANAGEMENT);
        var roles = state.rolesByName();
        refuseIf(roles.remove(name) == null, Denial.ROLE_NOT_FOUND);
        var users = state.usersByName();
        users.replaceAll((_, user) -> user.withoutRole(name));
        return next(state, users, roles);
    }

    private static User user(AuthState state, String name) throws DeniedException {
        return found(state.user(name), Denial.USER_NOT_FOUND);
    }

    private static Role role(AuthState state, String name) throws DeniedException {
        return found(state.role(name), Denial.ROLE_NOT_FOUND);
    }

    private static <T> T found(@Nullable T thing, Denial otherwise) throws DeniedException {
        if (thing == null) {
            throw new DeniedException(otherwise);
        }
        return thing;
    }

    private static void refuseIf(boolean condition, Denial denial) throws DeniedException {
        if (condition) {
            throw new DeniedException(denial);
        }
    }

    private static AuthState with(AuthState state, User user) {
        var users = state.usersByName();
        users.put(user.name(), user);
        return next(state, users, state.rolesByName());
    }

    private static AuthState with(AuthState state, Role role) {
        var roles = state.rolesByName();
        roles.put(role.name(), role);
        return next(state, state.usersByName(), roles);
    }

    private static AuthState next(
            AuthState state, SortedMap<String, User> users, SortedMap<String, Role> roles) {
        return new AuthState(state.enabled(), state.revision() + 1, users, roles);
    }
}
