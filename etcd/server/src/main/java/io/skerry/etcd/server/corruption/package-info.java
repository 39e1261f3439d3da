/**
 * Whether all members have the same content: hashes of one revision are compared, and whoever
 * differs is told of by the alarm CORRUPT, or does not start at all.
 *
 * <p>{@code EtcdServer} wires it. Nothing here repairs anything, and nothing here decides what an
 * alarm refuses.
 */
@NullMarked
package io.skerry.etcd.server.corruption;

import org.jspecify.annotations.NullMarked;
