package io.skerry.etcd.server.store;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import io.skerry.etcd.server.mvcc.engine.OrderedSnapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A consistent image of a store, pinned until it is closed, and its form as a stream.
 *
 * <p>The stream: 8 bytes {@code SKRYIMG1}; the state's numbers; each map's entries (key length,
 * key, value length, value) ended by the length −1; a CRC-32C of all that in 8 bytes. Numbers are
 * big-endian.
 */
final class StoreImage implements AutoCloseable {
    private static final byte[] MAGIC = "SKRYIMG1".getBytes(StandardCharsets.US_ASCII);
    private static final int END_OF_MAP = -1;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_ENTRY_BYTES = 1 << 30;
    private static final int COMMIT_EVERY_BYTES = 16 << 20;

    private final StoreFile.State state;
    private final List<OrderedSnapshot> maps;
    private final Engine.Pin pin;

    StoreImage(StoreFile.State state, List<OrderedSnapshot> maps, Engine.Pin pin) {
        this.state = state;
        this.maps = maps;
        this.pin = pin;
    }

    void write(OutputStream target) throws IOException {
        var checksum = new CRC32C();
        var out =
                new DataOutputStream(
                        new CheckedOutputStream(
                                new BufferedOutputStream(target, BUFFER_BYTES), checksum));
        out.write(MAGIC);
        out.write(state.encode());
        for (var map : maps) {
            var scan = map.ascending(new byte[0], null);
            while (scan.next()) {
                out.writeInt(scan.key().length);
                out.write(scan.key());
                out.writeInt(scan.value().length);
                out.write(scan.value());
            }
            out.writeInt(END_OF_MAP);
        }
        out.writeLong(checksum.getValue());
        out.flush();
    }

    /**
     * Reads an image into empty maps, committing as it goes.
     *
     * @throws IOException if the stream ends early or is not what was written
     */
    static StoreFile.State read(InputStream source, Engine engine, List<OrderedMap> maps)
            throws IOException {
        var checksum = new CRC32C();
        var in =
                new DataInputStream(
                        new CheckedInputStream(
                                new BufferedInputStream(source, BUFFER_BYTES), checksum));
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new IOException("this is not a snapshot of the store");
        }
        var state = StoreFile.State.decode(in.readNBytes(StoreFile.State.BYTES));
        for (var map : maps) {
            int length = in.readInt();
            while (length != END_OF_MAP) {
                byte[] key = readBytes(in, length);
                map.put(key, readBytes(in, in.readInt()));
                if (engine.unsavedBytes() > COMMIT_EVERY_BYTES) {
                    engine.commit(() -> {});
                }
                length = in.readInt();
            }
        }
        long computed = checksum.getValue();
        if (in.readLong() != computed) {
            throw new IOException("the snapshot is damaged: its checksum does not fit");
        }
        return state;
    }

    private static byte[] readBytes(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > MAX_ENTRY_BYTES) {
            throw new IOException("the snapshot is damaged: an entry of " + length + " bytes");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the snapshot ends early");
        }
        return bytes;
    }

    @Override
    public void close() {
        pin.close();
    }
}
