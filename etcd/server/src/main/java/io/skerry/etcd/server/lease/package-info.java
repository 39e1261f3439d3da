/**
 * Leases: which exist (replicated, kept with the data) and, on the leader alone, how long each has
 * left.
 *
 * <p>The table changes only by commands of the log. The clocks never change it: they tell the
 * leader which leases to propose for expiry.
 */
@NullMarked
package io.skerry.etcd.server.lease;

import org.jspecify.annotations.NullMarked;
