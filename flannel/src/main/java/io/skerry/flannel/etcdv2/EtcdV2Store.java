package io.skerry.flannel.etcdv2;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.subnet.LeaseReader;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.flannel.subnet.SubnetView;
import io.skerry.flannel.subnet.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A store reached by etcd's v2 API; the API stays the caller's to close. */
public final class EtcdV2Store implements NetworkStore {
    /** How long the original's leases live. */
    public static final Duration DEFAULT_TTL = Duration.ofHours(24);

    /** How long before their end the original renews them. */
    public static final Duration DEFAULT_RENEW_MARGIN = Duration.ofMinutes(60);

    /** The least share of its time after which a lease is renewed when nothing else is said. */
    private static final int LEAST_SHARE = 5;

    private final KeysApi api;
    private final SubnetKeys keys;
    private final Duration renewMargin;
    private final LeaseReader reader = new LeaseReader();

    /**
     * A network's part of a store.
     *
     * @param renewMargin how long before its end a lease is renewed, if it lives longer than that;
     *     otherwise it is after a fifth of its time, as with {@link #renewMargin}
     */
    public EtcdV2Store(KeysApi api, SubnetKeys keys, Duration renewMargin) {
        this.api = api;
        this.keys = keys;
        this.renewMargin = renewMargin;
    }

    /**
     * The margin for leases of some time to live where none was asked for: the original's, but not
     * so much that a lease is renewed before a fifth of its time.
     */
    public static Duration renewMargin(Duration ttl) {
        Duration most = ttl.minus(ttl.dividedBy(LEAST_SHARE));
        return most.compareTo(DEFAULT_RENEW_MARGIN) < 0 ? most : DEFAULT_RENEW_MARGIN;
    }

    @Override
    public Mirror follow(String prefix, Consumer<Map<String, KeyValue>> listener) {
        return NodeMirror.start(api, prefix, listener);
    }

    @Override
    public LeaseReader leaseReader() {
        return reader;
    }

    @Override
    public Tenure begin(Duration ttl, Runnable lost) {
        Duration margin = renewMargin.compareTo(ttl) < 0 ? renewMargin : renewMargin(ttl);
        return new NodeTenure(this, api, keys, ttl, ttl.minus(margin), lost);
    }

    /**
     * Reads what a choice depends on; empty while there is no configuration. Who had which subnet
     * last is not remembered beside the leases, which live long here. The two are asked for one by
     * one, as the original does, whose users need not have a right to all of the network's keys;
     * that they fit together shows when a claim is looked at once it is made.
     */
    public Optional<SubnetView> read() throws StoreException, InterruptedException {
        Optional<Node> config = node(keys.config()).filter(node -> !node.directory());
        return config.isEmpty()
                ? Optional.empty()
                : Optional.of(view(config.get(), node(keys.subnets())));
    }

    private Optional<Node> node(String key) throws StoreException, InterruptedException {
        return switch (api.get(key)) {
            case Answer.Done found -> Optional.of(found.node());
            case Answer.Refused refused -> {
                if (refused.code() != Answer.Refused.KEY_NOT_FOUND) {
                    throw refused.failure();
                }
                yield Optional.empty();
            }
        };
    }

    /** A directory where a lease should be has no value, and is none: nobody can claim it. */
    private SubnetView view(Node config, Optional<Node> directory) {
        List<KeyValue> subnets =
                directory.stream()
                        .flatMap(all ->
                                Stream.concat(
                                        all.entries().stream(), all.directories().map(Node::entry)))
                        .filter(entry -> entry.key().startsWith(keys.subnets()))
                        .toList();
        return SubnetView.of(config.entry(), subnets, reader, List.of());
    }
}
