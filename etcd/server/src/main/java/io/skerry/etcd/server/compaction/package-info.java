/**
 * Automatic compaction: which revision to compact at which time, by etcd's two rules. Pure; whoever
 * leads asks it now and then and proposes what it says.
 */
@NullMarked
package io.skerry.etcd.server.compaction;

import org.jspecify.annotations.NullMarked;
