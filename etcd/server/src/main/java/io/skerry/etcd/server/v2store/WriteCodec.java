package io.skerry.etcd.server.v2store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.etcd.server.v2store.Write.Condition;
import io.skerry.etcd.server.v2store.Write.Lifetime;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Write} as it stands in the log: its kind in one byte, namespace, path, the proposer's
 * time, then what the kind has. Kinds are never renumbered.
 */
public final class WriteCodec {
    private static final byte CREATE = 1;
    private static final byte SET = 2;
    private static final byte UPDATE = 3;
    private static final byte COMPARE_AND_SWAP = 4;
    private static final byte DELETE = 5;
    private static final byte COMPARE_AND_DELETE = 6;

    private WriteCodec() {}

    public static ByteString encode(Write write) {
        return UnsafeByteOperations.unsafeWrap(Bytes.write(out -> write(out, write)));
    }

    private static void write(DataOutputStream out, Write write) throws IOException {
        out.writeByte(
                switch (write) {
                    case Write.Create _ -> CREATE;
                    case Write.Set _ -> SET;
                    case Write.Update _ -> UPDATE;
                    case Write.CompareAndSwap _ -> COMPARE_AND_SWAP;
                    case Write.Delete _ -> DELETE;
                    case Write.CompareAndDelete _ -> COMPARE_AND_DELETE;
                });
        out.writeByte(write.namespace().mark());
        Bytes.text(out, write.path().text());
        out.writeLong(write.nowEpochNanos());
        switch (write) {
            case Write.Create create -> {
                out.writeBoolean(create.dir());
                Bytes.text(out, create.value());
                out.writeBoolean(create.inOrder());
                lifetime(out, create.lifetime());
            }
            case Write.Set set -> {
                out.writeBoolean(set.dir());
                Bytes.text(out, set.value());
                lifetime(out, set.lifetime());
                out.writeBoolean(set.refresh());
            }
            case Write.Update update -> {
                Bytes.text(out, update.value());
                lifetime(out, update.lifetime());
                out.writeBoolean(update.refresh());
            }
            case Write.CompareAndSwap swap -> {
                condition(out, swap.condition());
                Bytes.text(out, swap.value());
                lifetime(out, swap.lifetime());
                out.writeBoolean(swap.refresh());
            }
            case Write.Delete delete -> {
                out.writeBoolean(delete.dir());
                out.writeBoolean(delete.recursive());
            }
            case Write.CompareAndDelete delete -> condition(out, delete.condition());
        }
    }

    private static void lifetime(DataOutputStream out, @Nullable Lifetime lifetime)
            throws IOException {
        out.writeBoolean(lifetime != null);
        if (lifetime != null) {
            out.writeLong(lifetime.ttlSeconds());
            out.writeLong(lifetime.epochNanos());
        }
    }

    private static void condition(DataOutputStream out, Condition condition) throws IOException {
        Bytes.text(out, condition.value());
        out.writeLong(condition.index());
    }

    /**
     * Reads a write of the log.
     *
     * @throws IllegalStateException if it is none that this version knows
     */
    public static Write decode(ByteString bytes) {
        return Bytes.read(bytes, WriteCodec::read);
    }

    private static Write read(DataInputStream in) throws IOException {
        byte kind = in.readByte();
        var namespace = Namespace.of(in.readByte());
        var path = new NodePath(Bytes.text(in));
        long now = in.readLong();
        return switch (kind) {
            case CREATE ->
                    new Write.Create(
                            namespace,
                            path,
                            now,
                            in.readBoolean(),
                            Bytes.text(in),
                            in.readBoolean(),
                            lifetime(in));
            case SET ->
                    new Write.Set(
                            namespace,
                            path,
                            now,
                            in.readBoolean(),
                            Bytes.text(in),
                            lifetime(in),
                            in.readBoolean());
            case UPDATE ->
                    new Write.Update(
                            namespace, path, now, Bytes.text(in), lifetime(in), in.readBoolean());
            case COMPARE_AND_SWAP ->
                    new Write.CompareAndSwap(
                            namespace,
                            path,
                            now,
                            condition(in),
                            Bytes.text(in),
                            lifetime(in),
                            in.readBoolean());
            case DELETE ->
                    new Write.Delete(namespace, path, now, in.readBoolean(), in.readBoolean());
            case COMPARE_AND_DELETE ->
                    new Write.CompareAndDelete(namespace, path, now, condition(in));
            default ->
                    throw new IllegalStateException(
                            "the log holds a v2 write of kind "
                                    + kind
                                    + ", which this version does not know: run the version that"
                                    + " wrote it or a later one");
        };
    }

    private static @Nullable Lifetime lifetime(DataInputStream in) throws IOException {
        return in.readBoolean() ? new Lifetime(in.readLong(), in.readLong()) : null;
    }

    private static Condition condition(DataInputStream in) throws IOException {
        return new Condition(Bytes.text(in), in.readLong());
    }
}
