package io.skerry.etcd.server.store;

import com.google.protobuf.UnsafeByteOperations;
import io.skerry.base.file.WholeFile;
import io.skerry.etcd.server.alarm.AlarmTable;
import io.skerry.etcd.server.auth.AuthTable;
import io.skerry.etcd.server.lease.LeaseTable;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.mvcc.KeySpace;
import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.MvStoreEngine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import io.skerry.etcd.server.mvcc.engine.OrderedSnapshot;
import io.skerry.etcd.server.v2store.NodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * One open file of the store: the engine, what lies in it, and how far the log is contained in it.
 * Owned by {@link EtcdStateMachine}, which sees to it that one thread at a time writes.
 */
final class StoreFile implements AutoCloseable {
    private static final int FORMAT = 2;
    private static final byte[] STATE_KEY = "state".getBytes(StandardCharsets.UTF_8);

    /** Who belongs to the cluster. */
    static final String CLUSTER = "cluster";

    private static final byte[] MEMBERS_KEY = "members".getBytes(StandardCharsets.UTF_8);

    /** A new store is at revision 1, so that the first put gives revision 2, as in etcd. */
    private static final long FIRST_REVISION = 1;

    /** All maps that an image carries, in its order. */
    static final List<String> MAPS =
            Stream.of(
                            KeySpace.MAPS,
                            List.of(LeaseTable.MAP, AlarmTable.MAP, AuthTable.MAP, CLUSTER),
                            NodeStore.MAPS)
                    .flatMap(List::stream)
                    .toList();

    private final Engine engine;
    private final OrderedMap meta;
    private final KeySpace keys;
    private final LeaseTable leases;
    private final AlarmTable alarms;
    private final NodeStore nodes;
    private final AuthTable auth;
    private final OrderedMap cluster;
    private volatile MemberList members;
    private volatile long appliedIndex;
    private volatile long appliedTerm;

    private StoreFile(Engine engine, State state) throws IOException {
        this.engine = engine;
        this.meta = engine.map("meta");
        this.keys =
                new KeySpace(engine, state.revision, state.compactRevision, state.compactedThrough);
        this.leases = new LeaseTable(engine);
        this.alarms = new AlarmTable(engine);
        this.nodes = new NodeStore(engine, keys);
        this.auth = new AuthTable(engine);
        this.cluster = engine.map(CLUSTER);
        byte[] stored = cluster.get(MEMBERS_KEY);
        this.members =
                stored == null
                        ? MemberList.empty()
                        : MemberList.decode(UnsafeByteOperations.unsafeWrap(stored));
        this.appliedIndex = state.appliedIndex;
        this.appliedTerm = state.appliedTerm;
    }

    /** What is stored beside the maps. */
    record State(
            long appliedIndex,
            long appliedTerm,
            long revision,
            long compactRevision,
            long compactedThrough) {
        static final int BYTES = Integer.BYTES + 5 * Long.BYTES;

        byte[] encode() {
            return ByteBuffer.allocate(BYTES)
                    .putInt(FORMAT)
                    .putLong(appliedIndex)
                    .putLong(appliedTerm)
                    .putLong(revision)
                    .putLong(compactRevision)
                    .putLong(compactedThrough)
                    .array();
        }

        static State decode(byte[] bytes) throws IOException {
            var in = ByteBuffer.wrap(bytes);
            int format = in.getInt();
            if (format != FORMAT) {
                throw new IOException(
                        "the store's file has format "
                                + format
                                + ", this version reads format "
                                + FORMAT
                                + ": run the version that wrote it");
            }
            return new State(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        }
    }

    /** Opens the file or creates an empty one. Reads no keys. */
    static StoreFile open(Path path, int cacheMegabytes) throws IOException {
        Engine engine = MvStoreEngine.open(path, cacheMegabytes, KeySpace.APPENDED);
        try {
            byte[] stored = engine.map("meta").get(STATE_KEY);
            var state =
                    stored == null ? new State(0, 0, FIRST_REVISION, 0, 0) : State.decode(stored);
            return new StoreFile(engine, state);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Builds a durable file beside this path from an image and then puts it in its place.
     *
     * @throws IOException if the image is damaged or cannot be written; what lay there is untouched
     */
    static StoreFile replace(Path path, int cacheMegabytes, InputStream image) throws IOException {
        var incoming = path.resolveSibling(path.getFileName() + ".incoming");
        Files.deleteIfExists(incoming);
        Engine engine = MvStoreEngine.open(incoming, cacheMegabytes, KeySpace.APPENDED);
        try {
            var state = ImageReader.intoEngine(image, engine, MAPS);
            var file = new StoreFile(engine, state);
            file.saveState();
            engine.commit(() -> {});
            engine.sync();
            WholeFile.name(incoming, path);
            return file;
        } catch (IOException | RuntimeException e) {
            engine.close();
            Files.deleteIfExists(incoming);
            throw e;
        }
    }

    Engine engine() {
        return engine;
    }

    KeySpace keys() {
        return keys;
    }

    LeaseTable leases() {
        return leases;
    }

    AlarmTable alarms() {
        return alarms;
    }

    NodeStore nodes() {
        return nodes;
    }

    AuthTable auth() {
        return auth;
    }

    /** Empty until the log has told the first. */
    MemberList members() {
        return members;
    }

    void members(MemberList now) {
        cluster.put(MEMBERS_KEY, now.encode().toByteArray());
        members = now;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    long appliedTerm() {
        return appliedTerm;
    }

    void applied(long index, long term) {
        appliedIndex = index;
        appliedTerm = term;
    }

    State state() {
        return new State(
                appliedIndex,
                appliedTerm,
                keys.revision(),
                keys.compactRevision(),
                keys.compactedThrough());
    }

    /** Everything that lies in the file now, readable while writes go on. */
    StoreImage image() {
        // The pin comes first: what the snapshots refer to is then protected already.
        var pin = engine.pin();
        var maps = new LinkedHashMap<String, OrderedSnapshot>();
        MAPS.forEach(name -> maps.put(name, engine.map(name).snapshot()));
        return new StoreImage(state(), maps, pin);
    }

    /** Puts the state into the maps, so that the coming commit contains it. */
    void saveState() {
        meta.put(STATE_KEY, state().encode());
    }

    /** Puts a state into the maps of a file that is being made. */
    static void saveState(Engine engine, State state) {
        engine.map("meta").put(STATE_KEY, state.encode());
    }

    @Override
    public void close() {
        engine.close();
    }
}
