package io.skerry.fleet.store;

/**
 * One key of the store with its value and the revisions of its creation and last change.
 *
 * @param lease the lease that the key hangs on, 0 for none
 */
public record Entry(String key, String value, long createRevision, long modRevision, long lease) {}
