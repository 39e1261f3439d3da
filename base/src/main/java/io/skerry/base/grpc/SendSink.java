package io.skerry.base.grpc;

import io.skerry.base.http2.Body;

/** Where a {@link SendQueue} writes to. Confined to an event loop. */
interface SendSink {
    /** True while nothing more should be written. */
    boolean full();

    /**
     * How many bytes, framed, leave in one piece now; more are taken, too, but at a higher cost.
     */
    int room();

    /**
     * Takes so many messages, each framed.
     *
     * @param messages how many the body holds
     */
    void write(Body body, int messages);

    /** Runs on the loop each time the sink may be full no more. */
    void whenWritable(Runnable action);
}
