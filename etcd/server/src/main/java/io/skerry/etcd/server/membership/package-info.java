/**
 * Who belongs to a cluster: the initial cluster as etcd spells it, the list of members that is part
 * of the replicated state and its changes, the ids that follow from it, and the mark that a member
 * leaves in its data directory so that no other is started on it. Decides and stores; talks with
 * nobody.
 */
@NullMarked
package io.skerry.etcd.server.membership;

import org.jspecify.annotations.NullMarked;
