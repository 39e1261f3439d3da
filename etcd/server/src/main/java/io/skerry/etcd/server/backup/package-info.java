/**
 * {@code etcdutl}: backups and data directories that no member has open. Saves a snapshot of a
 * member that serves, tells what one holds, and makes members of a new cluster of it.
 *
 * <p>What a backup's file looks like is {@code store}'s; nothing here starts a member.
 */
@NullMarked
package io.skerry.etcd.server.backup;

import org.jspecify.annotations.NullMarked;
