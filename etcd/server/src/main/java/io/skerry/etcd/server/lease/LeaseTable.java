package io.skerry.etcd.server.lease;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The leases that exist. Written by the thread that applies the log, read by any. Which keys hang
 * on a lease is kept with the keys.
 */
public final class LeaseTable {
    /** Name of the engine's map. */
    public static final String MAP = "leases";

    private final OrderedMap stored;
    private final ConcurrentHashMap<Long, Lease> leases = new ConcurrentHashMap<>();

    /** Reads all leases; there are far fewer than keys. */
    public LeaseTable(Engine engine) {
        this.stored = engine.map(MAP);
        var scan = stored.snapshot().ascending(new byte[0], null);
        while (scan.next()) {
            var value = ByteBuffer.wrap(scan.value());
            long id = ByteBuffer.wrap(scan.key()).getLong();
            leases.put(id, new Lease(id, value.getLong(), value.getLong()));
        }
    }

    public @Nullable Lease find(long id) {
        return leases.get(id);
    }

    public Collection<Lease> all() {
        return List.copyOf(leases.values());
    }

    /** Adds or replaces a lease. */
    public void put(Lease lease) {
        leases.put(lease.id(), lease);
        stored.put(
                key(lease.id()),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(lease.ttlSeconds())
                        .putLong(lease.remainingSeconds())
                        .array());
    }

    public void remove(long id) {
        leases.remove(id);
        stored.remove(key(id));
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }
}
