package io.skerry.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessRulesTest {
    private static final Subject.Owner ALICE = Subject.Owner.of("CN=alice,O=ops,O=dev,C=DE");
    private static final Subject.Owner BOB = Subject.Owner.of("CN=bob");

    @TempDir Path directory;

    @Test
    void withoutRulesNobodyIsRefused() {
        assertThat(AccessRules.OPEN.of(BOB)).contains(Role.ADMIN);
        assertThat(AccessRules.OPEN.ofAnonymous()).contains(Role.ADMIN);
        assertThat(AccessRules.OPEN.certificateRequired()).isTrue();
    }

    @Test
    void highestRoleOfAllThatMatchHolds() {
        var rules =
                rules(
                        Map.of(
                                Role.READ_ONLY, List.of("*"),
                                Role.OPERATOR, List.of("O=dev"),
                                Role.ADMIN, List.of("CN=root")));

        assertThat(rules.of(ALICE)).contains(Role.OPERATOR);
        assertThat(rules.of(BOB)).contains(Role.READ_ONLY);
        assertThat(rules.of(Subject.Owner.of("CN=root"))).contains(Role.ADMIN);
        assertThat(rules.ofAnonymous()).isEmpty();
    }

    @Test
    void whoNoRuleIsAboutHasNoRole() {
        var rules =
                rules(Map.of(Role.ADMIN, List.of("O=ops"), Role.READ_ONLY, List.of("anonymous")));

        assertThat(rules.of(ALICE)).contains(Role.ADMIN);
        assertThat(rules.of(BOB)).isEmpty();
        assertThat(rules.ofAnonymous()).contains(Role.READ_ONLY);
    }

    @Test
    void withTokensOnlyCertificatesStillMayDoEverything() throws IOException {
        var rules = new AccessRules(List.of(), tokens("ci operator 0123456789abcdef\n"));

        assertThat(rules.token("0123456789abcdef")).map(Token::role).contains(Role.OPERATOR);
        assertThat(rules.token("0123456789abcdee")).isEmpty();
        assertThat(rules.of(BOB)).contains(Role.ADMIN);
        assertThat(rules.ofAnonymous()).isEmpty();
        assertThat(rules.certificateRequired()).isFalse();
        assertThat(rules.toString()).doesNotContain("0123456789");
    }

    @Test
    void badTokensAreToldWithTheirLine() throws IOException {
        assertThatThrownBy(() -> tokens("# mine\nci king 0123456789abcdef\n"))
                .hasMessageContaining(":2: write NAME ROLE SECRET")
                .hasMessageContaining("read-only, operator, admin");
        assertThatThrownBy(() -> tokens("ci admin short\n")).hasMessageContaining("16 characters");
        Path file = directory.resolve("tokens");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Token.read(file)).hasMessageContaining("chmod 0600");
    }

    @Test
    void badSubjectSaysWhatIsAllowed() {
        assertThatThrownBy(() -> Subject.parse("alice"))
                .hasMessageContaining("\"alice\" must be CN=name or O=organisation");
    }

    private static AccessRules rules(Map<Role, List<String>> subjects) {
        return new AccessRules(AccessRules.rules(subjects), List.of());
    }

    private List<Token> tokens(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Token.read(file);
    }
}
