package io.skerry.etcd.server.consensus.peer;

/**
 * Requests to one peer travel on separate connections, so that the large do not delay the small.
 */
public enum Lane {
    /** Elections, heartbeats and log entries; their order is kept. */
    CONSENSUS,
    /** Commands and questions for the leader. */
    FORWARD,
    /** Images of the state. */
    BULK
}
