package io.skerry.etcd.server.bootstrap;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.membership.MemberIds;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Members of a new cluster find each other in a registry: each registers, and waits until as many
 * have come as the cluster is to have. Who comes later is refused.
 */
public final class RegistryDiscovery implements Discovery {
    private static final Log LOG = Log.of(RegistryDiscovery.class);
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final Opening opening;

    /** Connects with the registry, once, when it is needed. */
    private interface Opening {
        Registry open() throws IOException;
    }

    private RegistryDiscovery(Opening opening) {
        this.opening = opening;
    }

    /** A registry behind a URL of a store's API of version 2, as for {@code --discovery}. */
    public static RegistryDiscovery atUrl(URI url) {
        return new RegistryDiscovery(() -> new HttpRegistry(url));
    }

    /** A registry in a store's API of version 3, as for {@code --discovery-endpoints}. */
    public static RegistryDiscovery inStore(EtcdEndpoints endpoints, String token) {
        return new RegistryDiscovery(() -> StoreRegistry.connect(endpoints, token));
    }

    @Override
    public InitialCluster find(InitialCluster own, String name)
            throws IOException, InterruptedException {
        try (Registry registry = opening.open()) {
            return find(registry, own, name);
        }
    }

    private static InitialCluster find(Registry registry, InitialCluster own, String name)
            throws IOException, InterruptedException {
        String id = Long.toHexString(MemberIds.initial(own.urls(name), registry.token()));
        int size = patiently(registry::size);
        List<Registry.Entry> first = first(patiently(registry::entries), size);
        if (first.size() < size) {
            var entry = new Registry.Entry(id, own.toString());
            var _ =
                    patiently(() -> {
                        registry.register(entry);
                        return entry;
                    });
            LOG.info("registered; waiting for the other members", "id", id, "size", size);
        }
        while (first.size() < size) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            first = first(patiently(registry::entries), size);
        }
        if (first.stream().noneMatch(entry -> entry.id().equals(id))) {
            throw new IOException("discovery: cluster is full");
        }
        return cluster(registry.token(), first);
    }

    private static List<Registry.Entry> first(List<Registry.Entry> entries, int size) {
        return entries.subList(0, Math.min(size, entries.size()));
    }

    private static InitialCluster cluster(String token, List<Registry.Entry> entries)
            throws IOException {
        String text = entries.stream().map(Registry.Entry::urls).collect(Collectors.joining(","));
        try {
            return InitialCluster.parse(token, text);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "discovery: what the members registered makes no cluster: " + e.getMessage(),
                    e);
        }
    }

    /** What is asked of a registry. */
    private interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    /** A registry that is away is waited for, as etcd does; one that says no is believed. */
    private static <T> T patiently(Question<T> question) throws IOException, InterruptedException {
        long pause = LOOK_MILLIS;
        while (true) {
            try {
                return question.ask();
            } catch (Registry.AwayException e) {
                LOG.warn("the registry cannot be reached", "reason", e.getMessage());
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }
}
