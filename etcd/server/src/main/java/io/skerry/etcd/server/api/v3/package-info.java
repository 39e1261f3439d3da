/**
 * etcd's v3 API over gRPC: checks requests, proposes what writes, reads what reads, and answers in
 * etcd's words.
 *
 * <p>{@link EtcdApi} is what a server wires; it registers everything on a router. Handlers run on
 * event loops and hand whatever may wait to virtual threads.
 */
@NullMarked
package io.skerry.etcd.server.api.v3;

import org.jspecify.annotations.NullMarked;
