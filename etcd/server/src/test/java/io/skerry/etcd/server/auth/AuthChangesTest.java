package io.skerry.etcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AuthChangesTest {
    private static final Permission ON_K =
            new Permission(Access.READ, ByteString.copyFromUtf8("k"), ByteString.EMPTY);

    private static AuthState after(AuthState state, AuthChange... changes) throws Exception {
        var now = state;
        for (var change : changes) {
            now = AuthChanges.apply(now, change);
        }
        return now;
    }

    private static AuthState enabled() throws Exception {
        return after(
                AuthState.INITIAL,
                new AuthChange.AddUser("root", "hash", false),
                new AuthChange.AddRole("root"),
                new AuthChange.GrantRole("root", "root"),
                new AuthChange.AddUser("bob", "hash", false),
                new AuthChange.AddRole("reader"),
                new AuthChange.GrantPermission("reader", ON_K),
                new AuthChange.GrantRole("bob", "reader"),
                new AuthChange.Enable());
    }

    private static void assertDenied(Denial denial, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        DeniedException.class, e -> assertThat(e.denial()).isEqualTo(denial));
    }

    @Test
    void authenticationIsEnabledOnlyWithARootUserWhoHasTheRoleRoot() throws Exception {
        assertDenied(
                Denial.ROOT_USER_MISSING, () -> after(AuthState.INITIAL, new AuthChange.Enable()));
        var withUser = after(AuthState.INITIAL, new AuthChange.AddUser("root", "h", false));
        assertDenied(Denial.ROOT_ROLE_MISSING, () -> after(withUser, new AuthChange.Enable()));
        var enabled =
                after(withUser, new AuthChange.GrantRole("root", "root"), new AuthChange.Enable());
        assertThat(enabled.enabled()).isTrue();
    }

    @Test
    void rootKeepsItsUserAndRoleWhileAuthenticationIsEnabled() throws Exception {
        var state = enabled();
        assertDenied(
                Denial.INVALID_MANAGEMENT, () -> after(state, new AuthChange.DeleteUser("root")));
        assertDenied(
                Denial.INVALID_MANAGEMENT, () -> after(state, new AuthChange.DeleteRole("root")));
        assertDenied(
                Denial.INVALID_MANAGEMENT,
                () -> after(state, new AuthChange.RevokeRole("root", "root")));
        var without =
                after(state, new AuthChange.Disable(), new AuthChange.RevokeRole("root", "root"));
        assertThat(without.user("root")).isNotNull();
    }

    @Test
    void eachChangeMovesTheRevisionByOneAndWhatIsSoAlreadyDoesNot() throws Exception {
        var state = enabled();
        assertThat(after(state, new AuthChange.GrantRole("bob", "reader"))).isSameAs(state);
        assertThat(after(state, new AuthChange.Enable())).isSameAs(state);
        assertThat(after(state, new AuthChange.AddRole("x")).revision())
                .isEqualTo(state.revision() + 1);
        assertThat(after(state, new AuthChange.Disable()).revision())
                .isEqualTo(state.revision() + 1);
    }

    @Test
    void aDeletedRoleIsTakenFromItsUsers() throws Exception {
        var state = after(enabled(), new AuthChange.DeleteRole("reader"));
        var bob = new Caller("bob", state.revision());
        assertThat(state.users())
                .filteredOn(user -> user.name().equals("bob"))
                .allSatisfy(user -> assertThat(user.roles()).isEmpty());
        assertDenied(
                Denial.PERMISSION_DENIED,
                () -> state.requireRead(bob, ON_K.key(), ByteString.EMPTY));
    }

    @Test
    void aCallerOfAnOlderRevisionIsRefusedUntilItAuthenticatesAnew() throws Exception {
        var before = enabled();
        var bob = new Caller("bob", before.revision());
        before.requireRead(bob, ON_K.key(), ByteString.EMPTY);
        var after = after(before, new AuthChange.AddRole("another"));
        assertDenied(
                Denial.OLD_REVISION, () -> after.requireRead(bob, ON_K.key(), ByteString.EMPTY));
        after.requireRead(new Caller("bob", after.revision()), ON_K.key(), ByteString.EMPTY);
    }

    @Test
    void nobodyIsToldApartFromSomebodyWithoutRights() throws Exception {
        var state = enabled();
        assertDenied(
                Denial.USER_EMPTY,
                () -> state.requireRead(Caller.NOBODY, ON_K.key(), ByteString.EMPTY));
        assertDenied(Denial.USER_EMPTY, () -> state.requireRoot(Caller.NOBODY));
        var bob = new Caller("bob", state.revision());
        assertDenied(Denial.PERMISSION_DENIED, () -> state.requireRoot(bob));
        assertDenied(
                Denial.PERMISSION_DENIED,
                () -> state.requireWrite(bob, ON_K.key(), ByteString.EMPTY));
        state.requireRoot(Caller.STORE);
        state.requireMaySeeUser(bob, "bob");
        assertDenied(Denial.PERMISSION_DENIED, () -> state.requireMaySeeUser(bob, "root"));
        state.requireMaySeeRole(bob, "reader");
        assertDenied(Denial.PERMISSION_DENIED, () -> state.requireMaySeeRole(bob, "root"));
    }

    @Test
    void aPermissionOnARangeThatNamesNoKeyIsRefused() throws Exception {
        var state = enabled();
        for (var range :
                List.of(
                        new Permission(Access.READ, ByteString.EMPTY, ByteString.EMPTY),
                        new Permission(
                                Access.READ,
                                ByteString.copyFromUtf8("b"),
                                ByteString.copyFromUtf8("a")))) {
            assertDenied(
                    Denial.INVALID_MANAGEMENT,
                    () -> after(state, new AuthChange.GrantPermission("reader", range)));
        }
    }

    @Test
    void everyChangeIsReadFromTheLogAsItWasWritten() {
        List<AuthChange> changes =
                List.of(
                        new AuthChange.Enable(),
                        new AuthChange.Disable(),
                        new AuthChange.AddUser("é", "hash", true),
                        new AuthChange.DeleteUser("u"),
                        new AuthChange.ChangePassword("u", "hash"),
                        new AuthChange.GrantRole("u", "r"),
                        new AuthChange.RevokeRole("u", "r"),
                        new AuthChange.AddRole("r"),
                        new AuthChange.DeleteRole("r"),
                        new AuthChange.GrantPermission("r", ON_K),
                        new AuthChange.RevokePermission(
                                "r", ON_K.key(), ByteString.copyFrom(new byte[1])));
        assertThat(changes)
                .allSatisfy(change ->
                        assertThat(AuthCodec.decodeChange(AuthCodec.encode(change)))
                                .isEqualTo(change));
    }

    @Test
    void noPasswordHashIsPrinted() {
        assertThat(new AuthChange.AddUser("u", "secret", false).toString())
                .doesNotContain("secret");
        assertThat(new AuthChange.ChangePassword("u", "secret").toString())
                .doesNotContain("secret");
        assertThat(new User("u", "secret", false, List.of()).toString()).doesNotContain("secret");
    }
}
