package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of one log entry: the number of commands as a u32, then each command with its length as a
 * u32 before it.
 */
final class CommandBatch {
    private CommandBatch() {}

    static ByteBuffer encode(List<ByteString> commands) {
        int size = Integer.BYTES;
        for (ByteString command : commands) {
            size += Integer.BYTES + command.size();
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).putInt(commands.size());
        for (ByteString command : commands) {
            bytes.putInt(command.size());
            command.copyTo(bytes);
        }
        return bytes.flip();
    }

    /** The commands refer to the bytes given, which nobody may change afterwards. */
    static List<ByteString> decode(ByteBuffer bytes) {
        ByteBuffer in = bytes.slice();
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / Integer.BYTES) {
            // Before the list is made: a peer's claim must not take memory.
            throw new IllegalArgumentException("a log entry claims " + count + " commands");
        }
        var commands = new ArrayList<ByteString>(count);
        for (int i = 0; i < count; i++) {
            int size = in.getInt();
            commands.add(UnsafeByteOperations.unsafeWrap(in.slice(in.position(), size)));
            in.position(in.position() + size);
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(
                    "a log entry has " + in.remaining() + " bytes behind its last command");
        }
        return commands;
    }
}
