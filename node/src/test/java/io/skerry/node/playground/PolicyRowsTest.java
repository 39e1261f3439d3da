package io.skerry.node.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.policy.Evaluation;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyRowsTest {
    private static final Map<String, String> DOCUMENTS =
            Map.of(
                    "no-db",
                    """
                    {"name":"no-db","order":200,"action":"deny","established":"stop",
                     "to":[{"metadata":{"role":["db","store"]}}]}
                    """,
                    "web",
                    """
                    {"name":"web","order":100,"action":"allow","protocol":["tcp","udp"],
                     "ports":[80,"8000-8099"],
                     "from":[{"cidr":"10.77.0.0/16","except":["10.77.9.0/24"]},{"host":"10.88.0.11"}]}
                    """,
                    "default",
                    "{\"name\":\"default\",\"action\":\"deny\"}",
                    "broken",
                    "{\"name\":\"broken\"}");

    private static final List<HostFacts> HOSTS =
            List.of(host(1, Map.of("role", "web")), host(2, Map.of("role", "db")));

    private static HostFacts host(int number, Map<String, String> metadata) {
        return new HostFacts(
                "10.88.0.1" + number,
                "m" + number,
                metadata,
                List.of(Cidr.of("10.77." + number + ".0/24")));
    }

    @Test
    void policiesAreListedInTheOrderInWhichTheyAreAskedAndUnreadableOnesLast() {
        assertThat(PolicyRows.of(new TreeMap<>(DOCUMENTS)).table(true).lines())
                .map(line -> line.replaceAll(" +", " ").strip())
                .containsExactly(
                        "NAME ORDER ACTION FROM TO PROTOCOL PORTS FAULT ESTABLISHED DESCRIPTION",
                        "web 100 allow 10.77.0.0/16 except 10.77.9.0/24,host 10.88.0.11 any tcp,udp"
                                + " 80,8000-8099 - - -",
                        "no-db 200 deny any role=db|store any - - stop -",
                        "default - deny any any any - - keep -",
                        "broken - - - - - - action is missing and must be allow or deny - -");
    }

    @Test
    void decisionIsToldPolicyByPolicy() throws Exception {
        Evaluation denied = evaluation("10.77.1.2", "h2:5432");

        assertThat(results(denied))
                .containsExactly(
                        "web: ports are without 5432",
                        "no-db: decides: denied; flows that run are stopped");
        assertThat(PolicyRows.tree(packet("10.77.1.2", "h2:5432"), denied))
                .containsEntry("from", "10.77.1.2")
                .containsEntry("to", "10.77.2.2")
                .containsEntry("protocol", "tcp")
                .containsEntry("port", 5432)
                .containsEntry("allowed", false)
                .containsEntry("policy", "no-db")
                .containsEntry("established", "stop");
        assertThat(results(evaluation("10.77.1.2", "h2:80")))
                .containsExactly("web: decides: allowed");
        assertThat(results(evaluation("10.77.2.2", "h1")))
                .containsExactly(
                        "web: protocol is not icmp",
                        "no-db: to does not select 10.77.1.2",
                        "default: decides: denied; flows that run go on");
    }

    @Test
    void whatNoPolicyMatchesIsAllowed() throws Exception {
        var packet = packet("10.77.1.2", "h2");
        var evaluation = Evaluation.of(List.of(), HOSTS, packet);

        assertThat(results(evaluation)).containsExactly(": no policy matches: allowed");
        assertThat(PolicyRows.tree(packet, evaluation))
                .containsEntry("allowed", true)
                .containsEntry("policy", "")
                .containsEntry("established", "");
    }

    private static List<String> results(Evaluation evaluation) {
        return PolicyRows.steps(evaluation).objects().stream()
                .map(step -> step.get("policy") + ": " + step.get("result"))
                .toList();
    }

    private static Packet packet(String from, String to) throws Exception {
        return new FlowEnds(HOSTS, Map.of("h1", "10.88.0.11", "h2", "10.88.0.12"))
                .packet(from, to, "");
    }

    private static Evaluation evaluation(String from, String to) throws Exception {
        var good = new ArrayList<Policy>();
        for (var document : DOCUMENTS.entrySet()) {
            try {
                good.add(PolicyJson.parse(document.getKey(), document.getValue()));
            } catch (PolicyFault e) {
                assertThat(document.getKey()).isEqualTo("broken");
            }
        }
        return Evaluation.of(good, HOSTS, packet(from, to));
    }
}
