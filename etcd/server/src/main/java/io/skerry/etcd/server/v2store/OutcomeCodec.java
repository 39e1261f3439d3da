package io.skerry.etcd.server.v2store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outcomes and events in bytes: as the answer of the log, and as the history keeps them. */
public final class OutcomeCodec {
    private static final byte DONE = 1;
    private static final byte REFUSED = 2;

    private OutcomeCodec() {}

    public static ByteString encode(Outcome outcome) {
        return UnsafeByteOperations.unsafeWrap(
                Bytes.write(out -> {
                    switch (outcome) {
                        case Outcome.Done(var event) -> {
                            out.writeByte(DONE);
                            write(out, event);
                        }
                        case Outcome.Refused(var action, var error) -> {
                            out.writeByte(REFUSED);
                            Bytes.text(out, action.word());
                            out.writeShort(error.code().code());
                            Bytes.text(out, error.cause());
                            out.writeLong(error.index());
                        }
                    }
                }));
    }

    public static Outcome decode(ByteString bytes) {
        return Bytes.read(
                bytes,
                in ->
                        in.readByte() == DONE
                                ? new Outcome.Done(read(in))
                                : new Outcome.Refused(
                                        Action.of(Bytes.text(in)),
                                        new NodeError(
                                                ErrorCode.of(in.readShort()),
                                                Bytes.text(in),
                                                in.readLong())));
    }

    static byte[] encode(Event event) {
        return Bytes.write(out -> write(out, event));
    }

    static Event decodeEvent(byte[] bytes) {
        return Bytes.read(bytes, OutcomeCodec::read);
    }

    private static void write(DataOutputStream out, Event event) throws IOException {
        Bytes.text(out, event.action().word());
        out.writeBoolean(event.refresh());
        write(out, event.node());
        out.writeBoolean(event.previous() != null);
        if (event.previous() != null) {
            write(out, event.previous());
        }
    }

    private static Event read(DataInputStream in) throws IOException {
        var action = Action.of(Bytes.text(in));
        boolean refresh = in.readBoolean();
        var node = readNode(in);
        @Nullable NodeInfo previous = in.readBoolean() ? readNode(in) : null;
        return new Event(action, node, previous, refresh);
    }

    /** Events carry no children. */
    private static void write(DataOutputStream out, NodeInfo node) throws IOException {
        Bytes.text(out, node.key());
        Bytes.text(out, node.value());
        out.writeBoolean(node.dir());
        out.writeLong(node.expirationEpochNanos());
        out.writeLong(node.ttlSeconds());
        out.writeLong(node.modifiedIndex());
        out.writeLong(node.createdIndex());
    }

    private static NodeInfo readNode(DataInputStream in) throws IOException {
        return new NodeInfo(
                Bytes.text(in),
                Bytes.textOrNull(in),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                List.of(),
                in.readLong(),
                in.readLong());
    }
}
