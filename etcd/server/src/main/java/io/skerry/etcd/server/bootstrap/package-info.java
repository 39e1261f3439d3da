/**
 * How a member that has no data yet comes to know its cluster: from its flags, from members that
 * run already, from a registry in another store, or from the domain name system. Used once, before
 * anything else of the member is started.
 */
@NullMarked
package io.skerry.etcd.server.bootstrap;

import org.jspecify.annotations.NullMarked;
