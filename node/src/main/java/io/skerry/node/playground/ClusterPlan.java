package io.skerry.node.playground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * What is settled once for a playground's cluster and must not change when hosts are added.
 *
 * @param token keeps its store apart from others on the same addresses
 * @param storeMembers the first so many hosts vote in the store
 */
record ClusterPlan(String token, int storeMembers) {
    private static final String FILE = "cluster.properties";

    static ClusterPlan forHosts(int hosts) {
        return new ClusterPlan(
                UUID.randomUUID().toString(), Math.min(hosts, ClusterFiles.MAX_STORE_MEMBERS));
    }

    static Optional<ClusterPlan> load(Path directory) throws IOException {
        var properties = new Properties();
        try (var in = Files.newInputStream(directory.resolve(FILE))) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.of(
                new ClusterPlan(
                        properties.getProperty("token"),
                        Integer.parseInt(properties.getProperty("store-members"))));
    }

    void save(Path directory) throws IOException {
        var properties = new Properties();
        properties.setProperty("token", token);
        properties.setProperty("store-members", Integer.toString(storeMembers));
        try (var out = Files.newOutputStream(directory.resolve(FILE))) {
            properties.store(out, null);
        }
    }
}
