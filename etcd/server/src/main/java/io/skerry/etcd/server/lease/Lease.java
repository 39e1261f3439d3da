package io.skerry.etcd.server.lease;

/**
 * A lease as the log knows it.
 *
 * @param ttlSeconds time to live that was granted
 * @param remainingSeconds what was left of it at the last checkpoint; 0 when none was made since
 *     the last renewal
 */
public record Lease(long id, long ttlSeconds, long remainingSeconds) {

    /** How long it lives from now on when a new leader starts its clock. */
    public long secondsToStartWith() {
        return remainingSeconds > 0 ? remainingSeconds : ttlSeconds;
    }

    /** The same with its full time to live. */
    public Lease renewed() {
        return new Lease(id, ttlSeconds, 0);
    }
}
