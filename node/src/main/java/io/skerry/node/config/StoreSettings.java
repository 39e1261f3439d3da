package io.skerry.node.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Where the store is and, on its members, how it runs.
 *
 * @param token keeps clusters apart whose addresses overlap: a member of another token is refused
 * @param members address of every member by its name, in the order of the file
 * @param joining whether a member without data joins a cluster that runs, to which it was added
 * @param clientPort where members serve etcd's API
 * @param peerPort where members talk to each other
 * @param heartbeatInterval how often the leader tells that it is alive
 * @param electionTimeout how long a member waits for the leader before it stands for election
 * @param user who this host is to a store with authentication; empty: it has none
 */
public record StoreSettings(
        String token,
        SequencedMap<String, String> members,
        boolean joining,
        int clientPort,
        int peerPort,
        Duration heartbeatInterval,
        Duration electionTimeout,
        Optional<StoreUser> user) {

    static StoreSettings read(Section section) throws ConfigException {
        var members = section.table("members");
        if (members.isEmpty()) {
            throw section.refusal("members", "empty", "the store's members as NAME: ADDRESS");
        }
        var least = Duration.ofMillis(10);
        var heartbeat =
                section.duration(
                        "heartbeat-interval",
                        Duration.ofMillis(100),
                        least,
                        Duration.ofSeconds(10));
        var election =
                section.duration(
                        "election-timeout",
                        Duration.ofSeconds(1),
                        heartbeat.multipliedBy(5),
                        Duration.ofSeconds(50));
        var settings =
                new StoreSettings(
                        section.text("token").orElse("skerry"),
                        members,
                        joining(section),
                        section.port("client-port", 2379),
                        section.port("peer-port", 2380),
                        heartbeat,
                        election,
                        user(section));
        section.end();
        return settings;
    }

    private static boolean joining(Section section) throws ConfigException {
        var state = section.text("initial-cluster-state").orElse("new");
        return switch (state) {
            case "new" -> false;
            case "existing" -> true;
            default -> throw section.refusal("initial-cluster-state", state, "new or existing");
        };
    }

    private static Optional<StoreUser> user(Section section) throws ConfigException {
        var name = section.text("user");
        var passwordFile = section.text("password-file");
        if (name.isPresent() != passwordFile.isPresent()) {
            throw section.refusal(
                    name.isPresent() ? "password-file" : "user",
                    "missing",
                    "given together with " + (name.isPresent() ? "user" : "password-file"));
        }
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoreUser(name.get(), section.absolutePath("password-file", "")));
    }

    /** The members' client URLs, in the order of the file. */
    public List<URI> endpoints() {
        return members.values().stream().map(address -> url(address, clientPort)).toList();
    }

    /** As etcd's {@code --initial-cluster} spells it. */
    public String initialCluster() {
        return members.entrySet().stream()
                .map(member -> member.getKey() + "=" + url(member.getValue(), peerPort))
                .collect(Collectors.joining(","));
    }

    /** An https URL; IPv6 addresses get their brackets. */
    static URI url(String address, int port) {
        var host = address.contains(":") ? "[" + address + "]" : address;
        return URI.create("https://" + host + ":" + port);
    }
}
