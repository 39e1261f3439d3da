package io.skerry.flannel.subnet;

/**
 * A host's view of a part of the store: listed once and followed from there. It keeps what it has
 * while the store is away, and lists anew when it missed more than the store remembers.
 */
public interface Mirror extends AutoCloseable {
    /** Ends; the listener may be called once more while this returns. */
    @Override
    void close();
}
