/**
 * etcd's v2 tree over the keys of {@code mvcc}: files and directories, conditions, in-order keys,
 * times to live, and the events that watches follow. A node is one key of the reserved part of the
 * key space, its indices are revisions.
 *
 * <p>{@code store} carries out {@link Write}s here when it applies the log; the API reads {@link
 * Tree}s. What a write does depends on nothing but the tree and itself: clocks stay outside.
 */
@NullMarked
package io.skerry.etcd.server.v2store;

import org.jspecify.annotations.NullMarked;
