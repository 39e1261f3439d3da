package io.skerry.node.config;

import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
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
 * @param access who may do what through fleet's API
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
        AccessRules access,
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
                        access(section),
                        section.flag("containers", true));
        section.end();
        return settings;
    }

    private static AccessRules access(Section section) throws ConfigException {
        var subjects = new EnumMap<Role, List<String>>(Role.class);
        var roles = section.section("roles");
        if (roles.isPresent()) {
            for (Role role : Role.values()) {
                subjects.put(role, roles.get().list(role.word()).orElse(List.of()));
            }
            roles.get().end();
        }
        List<AccessRules.Rule> rules;
        try {
            rules = AccessRules.rules(subjects);
        } catch (IllegalArgumentException e) {
            throw section.refusal("roles", "not usable", "mended: " + e.getMessage());
        }
        String file = section.text("tokens-file").orElse("");
        if (file.isEmpty()) {
            return new AccessRules(rules, List.of());
        }
        try {
            return new AccessRules(rules, Token.read(section.absolutePath("tokens-file", "")));
        } catch (IOException e) {
            throw section.refusal(
                    "tokens-file", file, "a readable file of tokens: " + e.getMessage());
        }
    }
}
