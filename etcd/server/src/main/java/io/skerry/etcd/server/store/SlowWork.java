package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.skerry.etcd.server.consensus.CommandResult;

/** Hears of what took longer within the store than it should. Must be quick itself. */
public interface SlowWork {
    /** Nothing is ever slow. */
    SlowWork NONE =
            new SlowWork() {
                @Override
                public long limitNanos() {
                    return Long.MAX_VALUE;
                }

                @Override
                public void applied(Command command, CommandResult result, long nanos) {}

                @Override
                public void waited(int commands, long nanos) {}

                @Override
                public void read(MessageLite request, ByteString response, long nanos) {}
            };

    /** From when on something is slow. */
    long limitNanos();

    /** A command was applied slowly. */
    void applied(Command command, CommandResult result, long nanos);

    /** Commands had to wait before they could be applied. */
    void waited(int commands, long nanos);

    /** A read was slow. */
    void read(MessageLite request, ByteString response, long nanos);
}
