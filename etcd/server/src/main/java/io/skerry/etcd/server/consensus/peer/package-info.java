/**
 * The network between members: requests and answers in length-prefixed frames over TCP, with mutual
 * TLS where it is configured.
 *
 * <p>Every connection begins with a handshake that names protocol version, cluster and member;
 * whoever is of another cluster is refused with the reason, and what is no peer at all is cut off.
 * Blocking sockets on virtual threads; handlers are called on a connection's reader, in order, and
 * must not block. Nothing here knows what requests mean.
 */
@NullMarked
package io.skerry.etcd.server.consensus.peer;

import org.jspecify.annotations.NullMarked;
