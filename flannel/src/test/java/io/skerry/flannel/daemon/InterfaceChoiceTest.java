package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.kernel.Rtnetlink;
import io.skerry.flannel.plan.Underlay;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A host with a default route by eth0, a second network at side0, and side1 without addresses. */
class InterfaceChoiceTest {
    private static final List<Family> IPV4 = List.of(Family.IPV4);
    private static final List<Family> BOTH = List.of(Family.IPV4, Family.IPV6);

    private static TestNetwork network;

    @BeforeAll
    static void addInterfaces() throws Exception {
        network = new TestNetwork(1);
        var host = network.host(1);
        host.ip("link", "add", "side0", "type", "veth", "peer", "name", "side1");
        host.ip("addr", "add", "10.99.0.5/24", "dev", "side0");
        host.ip("addr", "add", "10.99.0.6/24", "dev", "side0");
        host.ip("link", "set", "side0", "mtu", "1400", "up");
        host.ip("link", "set", "side1", "up");
    }

    @AfterAll
    static void close() throws IOException {
        network.close();
    }

    private static InterfaceChoice by(List<String> named, String... expressions) {
        return new InterfaceChoice(
                named,
                Stream.of(expressions).map(Pattern::compile).toList(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static InterfaceChoice leadingTo(String address) {
        return new InterfaceChoice(
                List.of(),
                List.of(),
                Optional.of(Ip.of(address)),
                Optional.empty(),
                Optional.empty());
    }

    private static PerFamily<Underlay> chosen(InterfaceChoice choice, List<Family> families)
            throws Exception {
        return network.host(1)
                .on(() -> {
                    try (Kernel kernel = Rtnetlink.open()) {
                        return choice.choose(kernel, families);
                    }
                });
    }

    private static Underlay chosen(InterfaceChoice choice) throws Exception {
        return chosen(choice, IPV4).first();
    }

    @Test
    void defaultRoutesInterfaceIsTakenWhereNothingIsSaid() throws Exception {
        Underlay found = chosen(InterfaceChoice.DEFAULT);

        assertThat(found.device()).isEqualTo("eth0");
        assertThat(found.publicIp()).hasToString(TestNetwork.address(1));
    }

    @Test
    void firstOfTheNamedThatIsThereIsTaken() throws Exception {
        Underlay found = chosen(by(List.of("absent0", "side0", "eth0"), "eth.*"));

        assertThat(found.device()).isEqualTo("side0");
        assertThat(found.publicIp()).hasToString("10.99.0.5");
        assertThat(found.mtu()).isEqualTo(1400);
    }

    @Test
    void addressNamesItsInterfaceAndIsTheOneThatIsTold() throws Exception {
        Underlay found = chosen(by(List.of("10.99.0.6")));

        assertThat(found.device()).isEqualTo("side0");
        assertThat(found.publicIp()).hasToString("10.99.0.6");
    }

    @Test
    void expressionsMatchNamesAndAddressesInTheirOrder() throws Exception {
        assertThat(chosen(by(List.of(), "^nothing$", "^si.*0$")).device()).isEqualTo("side0");
        assertThat(chosen(by(List.of(), "10\\.99\\.")).device()).isEqualTo("side0");
        assertThat(chosen(by(List.of("absent0"), "eth")).device()).isEqualTo("eth0");
    }

    @Test
    void interfaceThatLeadsToAnAddressIsFoundByTheRoutes() throws Exception {
        assertThat(chosen(leadingTo("10.99.0.77")).device()).isEqualTo("side0");
        assertThat(chosen(leadingTo("192.0.2.1")).device()).isEqualTo("eth0");
    }

    @Test
    void publicAddressesAreToldInPlaceOfTheInterfaces() throws Exception {
        var choice =
                new InterfaceChoice(
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(Ip4.of("203.0.113.9")),
                        Optional.of(Ip6.of("2001:db8::9")));

        var found = chosen(choice, BOTH);

        assertThat(found.ipv4().orElseThrow().publicIp()).hasToString("203.0.113.9");
        assertThat(found.ipv6().orElseThrow().publicIp()).hasToString("2001:db8::9");
        assertThat(found.ipv4().orElseThrow().address().address())
                .hasToString(TestNetwork.address(1));
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> chosen(by(List.of("side1"), "^wlan")))
                .hasMessageContaining("is side1 or matches ^wlan; there are")
                .hasMessageContaining("eth0")
                .hasMessageContaining("side0");
        // It has no address of IPv6.
        assertThatThrownBy(() -> chosen(by(List.of("side0")), BOTH))
                .hasMessageContaining("is side0; there are ");
    }
}
