package io.skerry.etcd.server.v2store;

/**
 * That a node ends, as the log knows it.
 *
 * @param id the index at which its lifetime was set: no two have the same
 * @param ttlSeconds how long it was to live
 * @param remainingSeconds what was left of that at the last checkpoint; 0 if there was none
 */
public record Expiry(
        long id, Namespace namespace, NodePath path, long ttlSeconds, long remainingSeconds) {}
