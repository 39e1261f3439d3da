package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The nodes that end some day. Written by the thread that applies the log, read by any. */
public final class ExpiryTable {
    static final String MAP = "v2-expiries";

    private final OrderedMap stored;
    private final ConcurrentHashMap<Long, Expiry> byId = new ConcurrentHashMap<>();

    ExpiryTable(Engine engine) {
        this.stored = engine.map(MAP);
        var scan = stored.snapshot().ascending(new byte[0], null);
        while (scan.next()) {
            long id = ByteBuffer.wrap(scan.key()).getLong();
            byId.put(
                    id,
                    Bytes.read(
                            scan.value(),
                            in ->
                                    new Expiry(
                                            id,
                                            Namespace.of(in.readByte()),
                                            new NodePath(Bytes.text(in)),
                                            in.readLong(),
                                            in.readLong())));
        }
    }

    public @Nullable Expiry find(long id) {
        return byId.get(id);
    }

    public Collection<Expiry> all() {
        return List.copyOf(byId.values());
    }

    void put(Expiry expiry) {
        byId.put(expiry.id(), expiry);
        stored.put(
                key(expiry.id()),
                Bytes.write(out -> {
                    out.writeByte(expiry.namespace().mark());
                    Bytes.text(out, expiry.path().text());
                    out.writeLong(expiry.ttlSeconds());
                    out.writeLong(expiry.remainingSeconds());
                }));
    }

    void remove(long id) {
        if (byId.remove(id) != null) {
            stored.remove(key(id));
        }
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }
}
