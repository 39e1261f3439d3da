package io.skerry.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How this host takes part in the overlay network.
 *
 * @param networkInterface name or address of the interface that leads to the other hosts
 * @param prefix of the network's keys in the store
 * @param subnetFile where the host's subnet is told to who attaches containers
 * @param masquerade packets of containers get the host's address where they leave the network
 * @param leaseTtl after how long of silence other hosts give this one's subnet up
 * @param etcdV2 the network is in keys of etcd's v2 API
 * @param cniConf where a list of CNI plugins for the host's subnet is kept; empty: nowhere
 */
public record FlannelSettings(
        String networkInterface,
        String prefix,
        Path subnetFile,
        boolean masquerade,
        Duration leaseTtl,
        boolean etcdV2,
        Optional<Path> cniConf) {
    private static final Duration TTL = Duration.ofSeconds(10);

    /** The original's, whose hosts hear of every renewal. */
    private static final Duration TTL_OF_V2 = Duration.ofHours(24);

    static FlannelSettings read(Section section, String address) throws ConfigException {
        boolean etcdV2 = section.flag("etcd-v2", false);
        var settings =
                new FlannelSettings(
                        section.text("interface").orElse(address),
                        section.text("prefix").orElse("/coreos.com/network"),
                        section.absolutePath("subnet-file", "/run/flannel/subnet.env"),
                        section.flag("ip-masq", true),
                        section.duration(
                                "lease-ttl",
                                etcdV2 ? TTL_OF_V2 : TTL,
                                Duration.ofSeconds(2),
                                Duration.ofHours(24)),
                        etcdV2,
                        section.absolutePath("cni-conf"));
        if (!settings.prefix().startsWith("/")) {
            throw section.refusal("prefix", settings.prefix(), "a key that begins with /");
        }
        section.end();
        return settings;
    }
}
