package io.skerry.flannel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.flannel.address.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyJsonTest {
    @Test
    void everyFieldIsRead() throws PolicyFault {
        var policy =
                PolicyJson.parse(
                        "db",
                        """
                        {"name":"db","order":5,"description":"nobody else",
                         "from":[{"metadata":{"role":["web","api"],"zone":"a"}},{"host":"10.88.0.11"}],
                         "to":[{"cidr":"10.77.0.0/16","except":["10.77.9.0/24"]},{"cidr":"fd00::2"}],
                         "protocol":["tcp","udp"],"ports":[53,"8000-8099"],
                         "action":"deny","established":"stop"}
                        """);

        assertThat(policy)
                .isEqualTo(
                        new Policy(
                                "db",
                                5,
                                "nobody else",
                                List.of(
                                        new Selector.Metadata(
                                                new TreeMap<>(
                                                        Map.of(
                                                                "role",
                                                                List.of("api", "web"),
                                                                "zone",
                                                                List.of("a")))),
                                        new Selector.Host("10.88.0.11")),
                                List.of(
                                        new Selector.Block(
                                                Cidr.of("10.77.0.0/16"),
                                                List.of(Cidr.of("10.77.9.0/24"))),
                                        new Selector.Block(Cidr.of("fd00::2"), List.of())),
                                Set.of(Protocol.TCP, Protocol.UDP),
                                List.of(new PortRange(53, 53), new PortRange(8000, 8099)),
                                Verdict.DENY_AND_STOP));
    }

    @Test
    void littleIsNeeded() throws PolicyFault {
        var policy = PolicyJson.parse("default", "{\"name\":\"default\",\"action\":\"deny\"}");

        assertThat(policy.isDefault()).isTrue();
        assertThat(policy.from()).isEmpty();
        assertThat(policy.protocols()).hasSize(Protocol.values().length);
        assertThat(policy.ports()).containsExactly(PortRange.ALL);
        assertThat(policy.verdict()).isEqualTo(Verdict.DENY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                                  | the policy is [] and must be a JSON object
                    {                                   | the policy is not JSON
                    {'action':'deny'}                   | name is missing and must be 1 to 128 small
                    {'name':'A','action':'deny'}        | name is "A" and must be 1 to 128 small
                    {'name':'b','action':'deny'}        | name is b and must be a, as its key
                    {'name':'a'}                        | action is missing and must be allow or deny
                    {'name':'a','action':'drop'}        | action is "drop" and must be allow or deny
                    {'name':'a','action':'allow','established':'stop'} | established means nothing
                    {'name':'a','action':'deny','established':1} | established is 1 and must be keep
                    {'name':'a','action':'deny','order':-1} | order is -1 and must be a whole number
                    {'name':'a','action':'deny','form':[]} | form is no field; did you mean from?
                    {'name':'a','action':'deny','from':[]} | from is [] and must be a list of objects
                    {'name':'a','action':'deny','to':[{}]} | to[0] is {} and must have one of cidr
                    {'name':'a','action':'deny','to':[{'cidr':'x'}]} | to[0].cidr is "x" and must be a
                    {'name':'a','action':'deny','to':[{'cidr':'10.1.1.1/8'}]} | must be 10.0.0.0/8
                    {'name':'a','action':'deny','to':[{'cidr':'10.0.0.0/8','except':['11.0.0.0/8']}]} | to[0].except has 11.0.0.0/8, which is not within
                    {'name':'a','action':'deny','to':[{'host':'h','except':['11.0.0.0/8']}]} | to[0].except means nothing without cidr
                    {'name':'a','action':'deny','to':[{'host':'h','cidr':'10.0.0.0/8'}]} | must have one of
                    {'name':'a','action':'deny','to':[{'metadata':{}}]} | to[0].metadata is {} and must
                    {'name':'a','action':'deny','to':[{'metadata':{'k':1}}]} | to[0].metadata.k is 1 and
                    {'name':'a','action':'deny','protocol':'gre'} | protocol is "gre" and must be tcp
                    {'name':'a','action':'deny','ports':[80]} | ports need a protocol that has them
                    {'name':'a','action':'deny','protocol':'icmp','ports':[80]} | ports need a protocol
                    {'name':'a','action':'deny','protocol':'tcp','ports':['9-8']} | ports is "9-8" and
                    {'name':'a','action':'deny','protocol':'tcp','ports':[65536]} | ports is 65536 and
                    {'name':'default','action':'deny','order':1} | order must not be given
                    """)
    void faultNamesTheFieldAndWhatIsAllowed(String text, String message) {
        String name = text.contains("'default'") ? "default" : "a";

        assertThatExceptionOfType(PolicyFault.class)
                .isThrownBy(() -> PolicyJson.parse(name, text.replace('\'', '"')))
                .withMessageContaining(message);
    }
}
