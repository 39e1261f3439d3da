package io.skerry.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How this host takes part in fleet.
 *
 * @param port where this host serves fleet's API over TLS
 * @param socket where it serves the same to root on this host
 * @param unitsDirectory where unit files are written; must not survive a reboot
 * @param metadata what units may ask of a machine with {@code MachineMetadata}
 * @param leaseTtl after how long of silence the cluster gives this host's units to others
 * @param handover for how long this host's units go on, when it goes for good, until they run
 *     elsewhere
 * @param engine this host may be elected to place units
 * @param containers units of this host may be containers, and its images are served
 */
public record FleetSettings(
        int port,
        Path socket,
        Path unitsDirectory,
        Map<String, String> metadata,
        Duration leaseTtl,
        Duration handover,
        boolean engine,
        boolean containers) {

    static FleetSettings read(Section section) throws ConfigException {
        var settings =
                new FleetSettings(
                        section.port("port", 49153),
                        section.absolutePath("socket", "/run/fleet.sock"),
                        section.absolutePath("units-dir", "/run/fleet/units"),
                        Map.copyOf(section.table("metadata")),
                        section.duration(
                                "lease-ttl",
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(10)),
                        section.duration(
                                "handover",
                                Duration.ofSeconds(10),
                                Duration.ZERO,
                                Duration.ofMinutes(10)),
                        section.flag("engine", true),
                        section.flag("containers", true));
        section.end();
        return settings;
    }
}
