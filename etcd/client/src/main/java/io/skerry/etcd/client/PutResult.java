package io.skerry.etcd.client;

/**
 * A write that was made.
 *
 * @param revision the revision of the key now
 */
public record PutResult(long revision) {}
