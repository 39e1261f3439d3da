package io.skerry.base.http2;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done on a connection's event loop; see {@link ServerConnection#hand}. An object
 * may be handed over once at a time.
 */
public abstract class LoopTask {
    /** The one handed over before; owned by the connection's hand-over. */
    @Nullable LoopTask before;

    protected abstract void onLoop();
}
