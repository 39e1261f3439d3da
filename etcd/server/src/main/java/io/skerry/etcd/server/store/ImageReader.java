package io.skerry.etcd.server.store;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Reads the stream that {@link StoreImage} writes, and refuses every other. */
final class ImageReader {
    private static final int MAX_ENTRY_BYTES = 1 << 30;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_MAPS = 256;
    private static final int COMMIT_EVERY_BYTES = 16 << 20;

    private final CRC32C checksum = new CRC32C();
    private final DataInputStream in;

    private ImageReader(InputStream source) {
        this.in =
                new DataInputStream(
                        new CheckedInputStream(
                                new BufferedInputStream(source, StoreImage.BUFFER_BYTES),
                                checksum));
    }

    /** Takes the entries of one map, in order. */
    @FunctionalInterface
    interface Sink {
        void entry(byte[] key, byte[] value);
    }

    /**
     * Reads a whole image.
     *
     * @param sinks gives who takes a map's entries, by the map's name; an {@link IOException} of
     *     its own ends the reading
     * @throws IOException if the stream ends early or is not what was written
     */
    static StoreFile.State read(InputStream source, Sinks sinks) throws IOException {
        try {
            return new ImageReader(source).read(sinks);
        } catch (EOFException e) {
            throw new IOException("the snapshot ends early", e);
        }
    }

    /** Who takes the entries of which map. */
    @FunctionalInterface
    interface Sinks {
        Sink of(String map) throws IOException;
    }

    /**
     * Reads an image into an engine's empty maps, committing as it goes.
     *
     * @param known maps that this version has; an image with another one is refused
     */
    static StoreFile.State intoEngine(InputStream source, Engine engine, List<String> known)
            throws IOException {
        Function<String, OrderedMap> open = engine::map;
        var maps = known.stream().map(open).toList();
        return read(
                source,
                name -> {
                    int at = known.indexOf(name);
                    if (at < 0) {
                        throw new IOException(
                                "the snapshot holds \""
                                        + name
                                        + "\", which this version does not know: use the version"
                                        + " that wrote it or a later one");
                    }
                    var map = maps.get(at);
                    return (key, value) -> {
                        map.put(key, value);
                        if (engine.unsavedBytes() > COMMIT_EVERY_BYTES) {
                            engine.commit(() -> {});
                        }
                    };
                });
    }

    private StoreFile.State read(Sinks sinks) throws IOException {
        if (!Arrays.equals(in.readNBytes(StoreImage.MAGIC.length), StoreImage.MAGIC)) {
            throw new IOException("this is not a snapshot of the store");
        }
        var state = StoreFile.State.decode(readBytes(StoreFile.State.BYTES, MAX_ENTRY_BYTES));
        int maps = in.readInt();
        if (maps < 0 || maps > MAX_MAPS) {
            throw new IOException("the snapshot is damaged: it has " + maps + " maps");
        }
        for (int i = 0; i < maps; i++) {
            var name = new String(readBytes(in.readInt(), MAX_NAME_BYTES), StandardCharsets.UTF_8);
            readEntries(sinks.of(name));
        }
        long computed = checksum.getValue();
        if (in.readLong() != computed) {
            throw new IOException("the snapshot is damaged: its checksum does not fit");
        }
        return state;
    }

    private void readEntries(Sink sink) throws IOException {
        int length = in.readInt();
        while (length != StoreImage.END_OF_MAP) {
            byte[] key = readBytes(length, MAX_ENTRY_BYTES);
            sink.entry(key, readBytes(in.readInt(), MAX_ENTRY_BYTES));
            length = in.readInt();
        }
    }

    private byte[] readBytes(int length, int max) throws IOException {
        if (length < 0 || length > max) {
            throw new IOException("the snapshot is damaged: a part of " + length + " bytes");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }
}
