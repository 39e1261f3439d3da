package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.Traffic;
import io.skerry.flannel.book.FleetMachines;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of a real store, between containers of two hosts. */
class PolicyEnforcementTest {
    private static final String NO_DB =
            """
            {"name":"no-db","to":[{"metadata":{"role":"db"}}],"protocol":"tcp","ports":["1-9000"],
             "action":"deny"}
            """;
    private static final String TABLE = "skerry_policy_10_77_0_0_16";

    @TempDir private Path directory = Path.of("");

    @Test
    void policiesFollowTheStoreAndOutliveIt() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("host-gw");
            members.start(1);
            members.start(2);
            members.awaitReady(1);
            members.awaitReady(2);
            var one = container(members, 1);
            var two = container(members, 2);
            String target = members.container(2).toString();
            machine(members, "db");
            Await.until("all is allowed", () -> connects(one, two, target));
            assertThat(rules(members, 1)).doesNotContain(TABLE);

            policy(members, "no-db", NO_DB);
            awaitDenied(members, one, two, target);

            machine(members, "web");
            Await.until("the host is none of those", () -> connects(one, two, target));
            members.client.put(
                    FleetMachines.PREFIX + "m2/metadata/role", ByteString.copyFromUtf8("db"));
            awaitDenied(members, one, two, target);
            assertThat(Traffic.tcp(one, two, target, 9001, Traffic.PATIENCE_MILLIS)).isTrue();

            // Fleet does not run for a while, and somebody errs.
            members.client.delete(FleetMachines.PREFIX + "m2/object");
            policy(members, "no-db", "{\"name\":\"no-db\"}");
            Await.until(
                    "the fault is told",
                    () -> status(members, 1).problem().contains("action is missing"));
            awaitDenied(members, one, two, target);

            members.freezeStore();
            damage(members, 1);
            damage(members, 2);
            awaitDenied(members, one, two, target);
            members.thawStore();
            assertThat(status(members, 1).policies()).isEqualTo(1);
            Await.until("drops are told", () -> status(members, 1).counts().denied() > 0);

            members.client.delete(Members.KEYS.policies() + "no-db");
            Await.until("all is allowed", () -> connects(one, two, target));
            Await.until("nothing is left", () -> !rules(members, 1).contains(TABLE));
        }
    }

    private static boolean connects(TestHost from, TestHost to, String address) throws Exception {
        return Traffic.tcp(from, to, address, 8000, Traffic.IMPATIENCE_MILLIS);
    }

    private static void awaitDenied(Members members, TestHost from, TestHost to, String address)
            throws Exception {
        for (int number = 1; number <= 2; number++) {
            int host = number;
            Await.until("the rules are there", () -> rules(members, host).contains("goto denied"));
        }
        Await.until("it is denied", () -> !connects(from, to, address));
    }

    private static void damage(Members members, int host) throws Exception {
        assertThat(members.host(host).run("nft", "delete", "table", "inet", TABLE).stderr())
                .isEmpty();
    }

    private static String rules(Members members, int host) throws Exception {
        return members.host(host).run("nft", "list", "ruleset").stdout();
    }

    private static PolicyStatus status(Members members, int host) throws Exception {
        Path file = PolicyStatus.file(members.file(host));
        return PolicyStatus.parse(Files.readString(file)).orElseThrow();
    }

    private static void policy(Members members, String name, String json) throws Exception {
        members.client.put(Members.KEYS.policies() + name, ByteString.copyFromUtf8(json));
    }

    private static void machine(Members members, String role) throws Exception {
        members.client.put(
                FleetMachines.PREFIX + "m2/object",
                ByteString.copyFromUtf8(
                        "{\"ID\":\"m2\",\"PublicIP\":\"10.88.0.12\",\"Metadata\":{\"role\":\""
                                + role
                                + "\"}}"));
    }

    private static TestHost container(Members members, int number) throws Exception {
        return members.network.container(
                members.host(number),
                members.subnet(number).first().plus(1).toString(),
                members.container(number).toString());
    }
}
