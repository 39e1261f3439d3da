package io.skerry.etcd.server.v2store;

/**
 * A refusal in etcd's v2 form.
 *
 * @param cause what exactly, e.g. the key; may be empty
 * @param index the store's index when it was refused; 0 if the store was not asked
 */
public record NodeError(ErrorCode code, String cause, long index) {}
