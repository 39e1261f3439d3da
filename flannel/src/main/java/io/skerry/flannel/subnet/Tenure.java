package io.skerry.flannel.subnet;

/**
 * What a host claims subnets under: what it has claimed is kept alive until this is closed,
 * abandoned or lost. Its text names it in the log.
 */
public interface Tenure extends SubnetStore, AutoCloseable {
    /** True once the store has said that what was kept is the host's no more: begin another. */
    boolean lost();

    /** Keeps nothing alive any more; the host's keys live on for their time. */
    void abandon();

    /** Gives everything back at once, but for what is permanent. */
    @Override
    void close();
}
