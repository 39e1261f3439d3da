package io.skerry.etcd.server.store;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedSnapshot;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A consistent image of a store, pinned until it is closed, and its form as a stream, which peers
 * send each other and backups hold.
 *
 * <p>The stream: 8 bytes {@code SKRYIMG2}; the state's numbers; how many maps there are; each map's
 * name and entries (key length, key, value length, value) ended by the length −1; a CRC-32C of all
 * that in 8 bytes. Numbers are big-endian, lengths and the count have 4 bytes, names are UTF-8 with
 * their length before them.
 */
public final class StoreImage implements AutoCloseable {
    static final byte[] MAGIC = "SKRYIMG2".getBytes(StandardCharsets.US_ASCII);
    static final int END_OF_MAP = -1;
    static final int BUFFER_BYTES = 64 * 1024;

    private final StoreFile.State state;
    private final SequencedMap<String, OrderedSnapshot> maps;
    private final Engine.Pin pin;

    StoreImage(StoreFile.State state, SequencedMap<String, OrderedSnapshot> maps, Engine.Pin pin) {
        this.state = state;
        this.maps = new LinkedHashMap<>(maps);
        this.pin = pin;
    }

    /** The revision whose state it is. */
    public long revision() {
        return state.revision();
    }

    /** How many bytes {@link #write} will write; walks over everything to know it. */
    public long bytes() {
        long bytes = (long) MAGIC.length + StoreFile.State.BYTES + Integer.BYTES + Long.BYTES;
        for (var map : maps.entrySet()) {
            bytes += 2L * Integer.BYTES + map.getKey().getBytes(StandardCharsets.UTF_8).length;
            var scan = map.getValue().ascending(new byte[0], null);
            while (scan.next()) {
                bytes += 2L * Integer.BYTES + scan.key().length + scan.value().length;
            }
        }
        return bytes;
    }

    /** Writes the stream; may be called more than once and gives the same bytes each time. */
    public void write(OutputStream target) throws IOException {
        var checksum = new CRC32C();
        var out =
                new DataOutputStream(
                        new CheckedOutputStream(
                                new BufferedOutputStream(target, BUFFER_BYTES), checksum));
        out.write(MAGIC);
        out.write(state.encode());
        out.writeInt(maps.size());
        for (var map : maps.entrySet()) {
            writeBytes(out, map.getKey().getBytes(StandardCharsets.UTF_8));
            var scan = map.getValue().ascending(new byte[0], null);
            while (scan.next()) {
                writeBytes(out, scan.key());
                writeBytes(out, scan.value());
            }
            out.writeInt(END_OF_MAP);
        }
        out.writeLong(checksum.getValue());
        out.flush();
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public void close() {
        pin.close();
    }
}
