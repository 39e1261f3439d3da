/**
 * What a member must not forget, on its own disk: the log in segment files and its vote.
 *
 * <p>Both are written before anything is promised to others and survive a power cut at any moment:
 * a torn tail is cut off, damage before it stops the member with a message. Called by the consensus
 * library alone, which truncates the log after snapshots. Nothing here knows what entries mean.
 */
@NullMarked
package io.skerry.etcd.server.consensus.log;

import org.jspecify.annotations.NullMarked;
