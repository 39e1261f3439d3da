package io.skerry.node.config;

import io.skerry.base.text.Nearest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of one host.
 *
 * @param name the host's name; a member of the store is known by it
 * @param address where other hosts reach this one
 * @param dataDirectory what must survive a restart
 * @param pkiDirectory ca.crt and the certificates and keys of server, peer and client
 * @param fleet empty without the role fleet
 * @param flannel empty without the role flannel
 */
public record NodeConfig(
        String name,
        String address,
        Set<Role> roles,
        Path dataDirectory,
        Path pkiDirectory,
        StoreSettings store,
        Optional<FleetSettings> fleet,
        Optional<FlannelSettings> flannel) {

    /** Reads and checks a file. */
    public static NodeConfig load(Path file) throws ConfigException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException(
                    file + " does not exist; docs/operations.md shows what it must hold");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " is not UTF-8");
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e.getMessage());
        }
    }

    /** Reads and checks a text; {@code file} is what errors call it. */
    public static NodeConfig parse(String file, String yaml) throws ConfigException {
        var root = Section.parse(file, yaml);
        var name = root.required("name");
        var address = root.required("address");
        var storeSection = root.section("store");
        if (storeSection.isEmpty()) {
            throw root.missing("store", "; give the store's members");
        }
        var store = StoreSettings.read(storeSection.get());
        var roles = roles(root, store.members().containsKey(name));
        var fleetSection = root.section("fleet");
        if (fleetSection.isPresent() && !roles.contains(Role.FLEET)) {
            throw new ConfigException(
                    file + ": there are settings for fleet but roles lacks it; add or remove it");
        }
        Optional<FleetSettings> fleet =
                roles.contains(Role.FLEET)
                        ? Optional.of(
                                FleetSettings.read(
                                        fleetSection.orElse(Section.empty(file, "fleet."))))
                        : Optional.empty();
        var config =
                new NodeConfig(
                        name,
                        address,
                        roles,
                        root.absolutePath("data-dir", "/var/lib/skerry"),
                        root.absolutePath("pki-dir", "/etc/skerry/pki"),
                        store,
                        fleet,
                        flannel(file, root, roles, address));
        root.end();
        config.checkMembership(file);
        return config;
    }

    private static Optional<FlannelSettings> flannel(
            String file, Section root, Set<Role> roles, String address) throws ConfigException {
        var section = root.section("flannel");
        if (roles.contains(Role.FLANNEL)) {
            return Optional.of(
                    FlannelSettings.read(section.orElse(Section.empty(file, "flannel.")), address));
        }
        if (section.isPresent()) {
            throw new ConfigException(
                    file + ": there are settings for flannel but roles lacks it; add or remove it");
        }
        return Optional.empty();
    }

    private static Set<Role> roles(Section root, boolean member) throws ConfigException {
        var words = root.list("roles");
        if (words.isEmpty()) {
            return member ? EnumSet.allOf(Role.class) : EnumSet.of(Role.FLEET, Role.FLANNEL);
        }
        var roles = EnumSet.noneOf(Role.class);
        for (var word : words.get()) {
            var role = Role.of(word);
            if (role.isEmpty()) {
                var nearest =
                        Nearest.to(word, Role.spellings())
                                .map(near -> " (did you mean " + near + "?)")
                                .orElse("");
                throw root.refusal(
                        "roles", word + nearest, "of " + String.join(", ", Role.spellings()));
            }
            roles.add(role.get());
        }
        if (roles.isEmpty()) {
            throw root.refusal("roles", "empty", "of " + String.join(", ", Role.spellings()));
        }
        return roles;
    }

    private void checkMembership(String file) throws ConfigException {
        var listed = store.members().get(name);
        if (roles.contains(Role.ETCD) && listed == null) {
            throw new ConfigException(
                    file
                            + ": this host has the role etcd but store.members has no "
                            + name
                            + ", only "
                            + String.join(", ", store.members().keySet()));
        }
        if (listed != null && !listed.equals(address)) {
            throw new ConfigException(
                    file
                            + ": address is "
                            + address
                            + " but store.members gives "
                            + name
                            + " the address "
                            + listed
                            + "; they must be the same");
        }
    }

    /** Where this host serves etcd's API. */
    public URI clientUrl() {
        return StoreSettings.url(address, store.clientPort());
    }

    /** Where this host talks to other members. */
    public URI peerUrl() {
        return StoreSettings.url(address, store.peerPort());
    }

    /** Its own certificate or key, e.g. {@code pki("server.crt")}. */
    public Path pki(String file) {
        return pkiDirectory.resolve(file);
    }
}
