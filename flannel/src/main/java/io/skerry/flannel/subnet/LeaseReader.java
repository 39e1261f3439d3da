package io.skerry.flannel.subnet;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.address.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads leases from entries of the store, each from its JSON once: all of them come again whenever
 * one of thousands changes. Thread-safe.
 */
public final class LeaseReader {
    private record Read(KeyValue entry, Lease lease) {}

    /** By key; guarded by this. */
    private Map<String, Read> known = Map.of();

    /** A lease as it was once; of the store's numbers nothing is known any more. */
    public static Optional<Lease> lease(String key, String json) {
        return lease(new KeyValue(key, ByteString.copyFromUtf8(json), 0, 0, 0, 0));
    }

    private static Optional<Lease> lease(KeyValue entry) {
        return SubnetKeys.subnetsOf(entry.key())
                .flatMap(subnets ->
                        LeaseValue.parse(entry.text())
                                .map(value ->
                                        new Lease(
                                                entry.key(),
                                                subnets,
                                                value,
                                                entry.lease(),
                                                entry.modRevision())));
    }

    /** The subnets of keys whose values are no leases. */
    static List<Cidr> unreadable(Collection<KeyValue> entries, List<Lease> leases) {
        Set<String> read = leases.stream().map(Lease::key).collect(Collectors.toSet());
        return entries.stream()
                .map(KeyValue::key)
                .filter(key -> !read.contains(key))
                .flatMap(key -> SubnetKeys.subnetsOf(key).stream())
                .flatMap(subnets -> subnets.all().stream())
                .toList();
    }

    /** The leases among all entries that there are now. */
    public synchronized List<Lease> read(Collection<KeyValue> entries) {
        var now = new HashMap<String, Read>();
        var leases = new ArrayList<Lease>(entries.size());
        for (KeyValue entry : entries) {
            Read before = known.get(entry.key());
            Optional<Lease> lease =
                    before != null && before.entry().equals(entry)
                            ? Optional.of(before.lease())
                            : lease(entry);
            if (lease.isPresent()) {
                now.put(entry.key(), new Read(entry, lease.get()));
                leases.add(lease.get());
            }
        }
        known = now;
        return leases;
    }
}
