package io.skerry.node.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Packet;
import io.skerry.flannel.policy.Protocol;
import io.skerry.testbed.hosts.PlaygroundException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowEndsTest {
    private static final FlowEnds ENDS =
            new FlowEnds(
                    List.of(
                            host("10.88.0.11", "aaaaaaaa11", "10.77.1.0/24", "fd77:0:0:1::/64"),
                            host("10.88.0.12", "bbbbbbbb22", "10.77.2.0/24"),
                            host("10.88.0.13", "")),
                    Map.of("h1", "10.88.0.11", "h2", "10.88.0.12", "h3", "10.88.0.13"));

    private static HostFacts host(String publicIp, String machineId, String... subnets) {
        return new HostFacts(
                publicIp, machineId, Map.of(), List.of(subnets).stream().map(Cidr::of).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "h1, h2, 10.77.1.2, 10.77.2.2, ICMP, 0",
        "h1, h2:80, 10.77.1.2, 10.77.2.2, TCP, 80",
        "aaaaaaaa, bbbbbbbb22:443, 10.77.1.2, 10.77.2.2, TCP, 443",
        "10.88.0.11, 10.88.0.12:1, 10.88.0.11, 10.88.0.12, TCP, 1",
        "10.77.2.9, 8.8.8.8:65535, 10.77.2.9, 8.8.8.8, TCP, 65535",
        "fd77:0:0:1::9, fd77:0:0:2::9, fd77:0:0:1::9, fd77:0:0:2::9, ICMP, 0",
        "fd00::1, [fd77:0:0:1::9]:53, fd00::1, fd77:0:0:1::9, TCP, 53",
        "fd00::1, [fd77:0:0:1::9], fd00::1, fd77:0:0:1::9, ICMP, 0",
    })
    void wordsNameTheFirstPacketOfFlow(
            String from, String to, String source, String destination, Protocol protocol, int port)
            throws PlaygroundException {
        Packet packet = ENDS.packet(from, to, "");

        assertThat(packet.source()).hasToString(source);
        assertThat(packet.destination()).hasToString(destination);
        assertThat(packet.protocol()).isEqualTo(protocol);
        assertThat(packet.port()).isEqualTo(port);
    }

    @Test
    void protocolThatIsNamedGoesBeforeTheOneThatIsGuessed() throws PlaygroundException {
        assertThat(ENDS.packet("h1", "h2:53", "udp").protocol()).isEqualTo(Protocol.UDP);
        assertThat(ENDS.packet("h1", "h2", "icmp").protocol()).isEqualTo(Protocol.ICMP);
    }

    @Test
    void hostStandsForAnAddressOfTheOtherEndsFamily() throws PlaygroundException {
        assertThat(ENDS.packet("fd00::1", "h1", "").destination()).hasToString("fd77:0:0:1::2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h1 | h2 | tcp | tcp needs a port: TO is then like h2:80",
                "h1 | h2:80 | icmp | icmp has no ports, and TO is h2:80",
                "h1 | h2:65536 | '' | the port of TO is 65536 and must be 0 to 65535",
                "h1 | h2:80 | quic | --protocol is quic and must be one of",
                "h3 | h2 | '' | h3 is no address, nor a host that has a subnet; hosts are h1, h2",
                "h1 | h9 | '' | h9 is no address",
                "fd00::1 | h2 | '' | h2 is no address, nor a host that has a subnet",
                "10.77.1.2 | fd77:0:0:1::9 | '' | are not of one family of addresses",
            })
    void wordsThatNameNoFlowAreRefusedWithWhatIsAllowed(
            String from, String to, String protocol, String why) {
        assertThatExceptionOfType(PlaygroundException.class)
                .isThrownBy(() -> ENDS.packet(from, to, protocol))
                .withMessageContaining(why);
    }
}
