/**
 * Who belongs to a cluster: the initial cluster as etcd spells it, the ids that follow from it, and
 * the mark that a member leaves in its data directory so that no other is started on it.
 */
@NullMarked
package io.skerry.etcd.server.membership;

import org.jspecify.annotations.NullMarked;
