/**
 * Alarms: what a member has found that stops writes on all of them. Replicated by commands of the
 * log and kept with the data.
 *
 * <p>The table only remembers; {@code store} refuses commands because of it, and whoever measures
 * space or compares hashes proposes the commands that raise an alarm.
 */
@NullMarked
package io.skerry.etcd.server.alarm;

import org.jspecify.annotations.NullMarked;
