package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import java.util.List;

/** Where a {@link SendQueue} writes to. Confined to an event loop. */
interface SendSink {
    /** True while nothing more should be written. */
    boolean full();

    void write(List<ByteString> messages);

    /** Runs on the loop each time the sink may be full no more. */
    void whenWritable(Runnable action);
}
