package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.grpc.GrpcContext;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Token;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HostContainersTest {
    private static final AccessRules TOKENS =
            new AccessRules(
                    List.of(), List.of(new Token("deploy", Role.OPERATOR, "0123456789abcdef")));

    private record Caller(String remoteAddress) implements GrpcContext {
        @Override
        public @Nullable X509Certificate peerCertificate() {
            return null;
        }

        @Override
        public @Nullable String metadata(String name) {
            return null;
        }
    }

    @Test
    void whoShowsNothingMayNothingWhereTokensAreTaken() {
        var anonymous = new Caller("10.0.0.7:4711");

        assertThat(HostContainers.refusal(TOKENS, anonymous, true).orElseThrow())
                .contains("anonymous", "read-only");
        assertThat(HostContainers.refusal(TOKENS, anonymous, false).orElseThrow())
                .contains("operator");
    }

    @Test
    void whoMayOnlyReadGetsListsAndNoMore() {
        var rules =
                new AccessRules(
                        AccessRules.rules(Map.of(Role.READ_ONLY, List.of("anonymous"))), List.of());
        var caller = new Caller("10.0.0.7:4711");

        assertThat(HostContainers.refusal(rules, caller, true)).isEmpty();
        assertThat(HostContainers.refusal(rules, caller, false)).isPresent();
    }

    @Test
    void rootOfTheHostMayEverythingOverTheSocket() {
        assertThat(HostContainers.refusal(TOKENS, new Caller("/run/fleet.sock"), false)).isEmpty();
    }
}
