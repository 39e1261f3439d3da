package io.skerry.flannel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What WireGuard's devices shall hold, and when they are left as they are. */
class TunnelsTest {
    private static final Cidr OWN = Cidr4.of("10.77.1.0/24");
    private static final Underlay UNDERLAY =
            new Underlay("eth0", 2, Cidr4.of("10.88.0.11/24"), Ip4.of("10.88.0.11"), 1500);

    private final NetworkConfig config =
            NetworkJson.parse(
                            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"wireguard\","
                                    + "\"PersistentKeepaliveInterval\":25}}")
                    .config();

    TunnelsTest() throws Exception {}

    private static WireguardSecret secret(int number) {
        var bytes = new byte[WireguardKey.BYTES];
        bytes[1] = (byte) number;
        return WireguardSecret.ofChance(bytes);
    }

    private static Peer peer(int number, Optional<WireguardKey> key) {
        return new Peer(
                Cidr4.of("10.77." + number + ".0/24"),
                Ip4.of("10.88.0.1" + number),
                "wireguard",
                Optional.empty(),
                key);
    }

    private Wanted wanted(Peer... peers) {
        return Plan.of(config, UNDERLAY, OWN, Identity.of(secret(1)), List.of(peers));
    }

    private static Observed holding(Wanted wanted, Set<Tunnel> tunnels) {
        return new Observed(
                wanted.device(),
                false,
                true,
                wanted.addresses(),
                wanted.routes(),
                Set.of(),
                Set.of(),
                tunnels);
    }

    private static Tunnel with(Tunnel tunnel, int port, boolean alive) {
        return new Tunnel(
                tunnel.peer(),
                tunnel.shared(),
                tunnel.host(),
                port,
                tunnel.keepaliveSeconds(),
                tunnel.subnets(),
                alive);
    }

    @Test
    void wholeNetworkLeavesByTheDeviceSoThatNothingLeavesUnencrypted() {
        Wanted wanted = wanted(peer(2, Optional.of(secret(2).publicKey())));

        assertThat(wanted.device())
                .contains(new DeviceSpec.Wireguard("flannel-wg", 1420, 51_820, secret(1)));
        assertThat(wanted.routes())
                .containsExactly(
                        new Route(
                                Cidr4.of("10.77.0.0/16"),
                                Optional.empty(),
                                "flannel-wg",
                                false,
                                0));
        assertThat(wanted.tunnels())
                .containsExactly(
                        new Tunnel(
                                secret(2).publicKey(),
                                Optional.empty(),
                                Optional.of(Ip4.of("10.88.0.12")),
                                51_820,
                                25,
                                Set.of(Cidr4.of("10.77.2.0/24")),
                                false));
    }

    @Test
    void hostWhoseFormerLeaseHasNotRunOutIsOnePeerWithBothSubnets() {
        Peer former = peer(2, Optional.of(secret(2).publicKey()));
        Peer present = peer(3, Optional.of(secret(2).publicKey()));

        Wanted wanted = wanted(former, present);

        assertThat(wanted.tunnels())
                .singleElement()
                .satisfies(tunnel -> {
                    assertThat(tunnel.subnets())
                            .containsExactlyInAnyOrder(former.subnet(), present.subnet());
                    assertThat(tunnel.host()).contains(present.publicIp());
                });
        assertThat(Difference.between(wanted, holding(wanted, wanted.tunnels()))).isEmpty();
    }

    @Test
    void hostsOwnFormerLeaseIsNoPeer() {
        assertThat(wanted(peer(2, Optional.of(secret(1).publicKey()))).tunnels()).isEmpty();
    }

    @Test
    void hostThatTellsNoKeyIsNamed() {
        assertThat(wanted(peer(2, Optional.empty())).unusable())
                .containsExactly("10.77.2.0/24 at 10.88.0.12 tells no PublicKey");
    }

    @Test
    void peerThatMovedIsLeftWhereItIsFoundWhileTheTwoSpeak() {
        Wanted wanted = wanted(peer(2, Optional.of(secret(2).publicKey())));
        Tunnel tunnel = wanted.tunnels().iterator().next();

        assertThat(Difference.between(wanted, holding(wanted, wanted.tunnels()))).isEmpty();
        assertThat(Difference.between(wanted, holding(wanted, Set.of(with(tunnel, 4711, true)))))
                .isEmpty();
        assertThat(Difference.between(wanted, holding(wanted, Set.of(with(tunnel, 4711, false)))))
                .containsExactly(new Change.PutTunnel("flannel-wg", tunnel));
    }

    @Test
    void newPeerIsPutBeforeTheStaleOneGoes() {
        Wanted before = wanted(peer(2, Optional.of(secret(2).publicKey())));
        Wanted after = wanted(peer(2, Optional.of(secret(3).publicKey())));
        var present = new HashSet<>(before.tunnels());

        assertThat(Difference.between(after, holding(after, present)))
                .containsExactly(
                        new Change.PutTunnel("flannel-wg", after.tunnels().iterator().next()),
                        new Change.RemoveTunnel("flannel-wg", secret(2).publicKey()));
    }
}
