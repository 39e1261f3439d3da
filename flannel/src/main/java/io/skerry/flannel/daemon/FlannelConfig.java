package io.skerry.flannel.daemon;

import io.skerry.flannel.subnet.SubnetKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one host takes part in a network.
 *
 * @param subnetFile where the host's addresses are told
 * @param masquerade packets of containers get the host's address where they leave the network
 * @param forwardRules packets from and to containers are let through
 * @param leaseTtl after how long of silence the other hosts give this one up
 * @param lookInterval how often the kernel is looked at although nobody told of a change
 * @param carrierCommand what runs a carrier of the udp backend's packets, as a unit of systemd
 *     beside this program; empty: this program carries them itself
 * @param cniConf where a list of CNI plugins for the host's subnet is kept; empty: nowhere
 */
public record FlannelConfig(
        SubnetKeys keys,
        InterfaceChoice interfaces,
        Path subnetFile,
        boolean masquerade,
        boolean forwardRules,
        Duration leaseTtl,
        Duration lookInterval,
        List<String> carrierCommand,
        Optional<Path> cniConf) {
    public FlannelConfig {
        carrierCommand = List.copyOf(carrierCommand);
    }

    /** Where the host's key of WireGuard is: where the original has it, unless it is told. */
    Path keyFile() {
        String told = System.getenv("WIREGUARD_KEY_FILE");
        return told == null || told.isEmpty() ? subnetFile.resolveSibling("wgkey") : Path.of(told);
    }

    public static final Path DEFAULT_SUBNET_FILE = Path.of("/run/flannel/subnet.env");
    public static final Duration DEFAULT_LEASE_TTL = Duration.ofSeconds(10);
    public static final Duration DEFAULT_LOOK_INTERVAL = Duration.ofSeconds(5);
}
