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
 * @param cniConf where a list of CNI plugins for the host's subnet is kept; empty: nowhere
 */
public record FlannelSettings(
        String networkInterface,
        String prefix,
        Path subnetFile,
        boolean masquerade,
        Duration leaseTtl,
        Optional<Path> cniConf) {

    static FlannelSettings read(Section section, String address) throws ConfigException {
        var settings =
                new FlannelSettings(
                        section.text("interface").orElse(address),
                        section.text("prefix").orElse("/coreos.com/network"),
                        section.absolutePath("subnet-file", "/run/flannel/subnet.env"),
                        section.flag("ip-masq", true),
                        section.duration(
                                "lease-ttl",
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(2),
                                Duration.ofHours(24)),
                        section.absolutePath("cni-conf"));
        if (!settings.prefix().startsWith("/")) {
            throw section.refusal("prefix", settings.prefix(), "a key that begins with /");
        }
        section.end();
        return settings;
    }
}
