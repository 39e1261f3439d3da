/**
 * The life of a cluster: changes of its members, checked at the leader so that they keep the
 * quorum; what a member tells of itself; and the version that all understand. Called by the API;
 * decides nothing about keys.
 */
@NullMarked
package io.skerry.etcd.server.cluster;

import org.jspecify.annotations.NullMarked;
