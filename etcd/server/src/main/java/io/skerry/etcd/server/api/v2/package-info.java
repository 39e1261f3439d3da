/**
 * etcd's v2 API over HTTP and JSON: keys, users and roles, statistics, members, machines.
 *
 * <p>{@link V2Api} is what a server wires; it registers everything on a router. Handlers run on
 * virtual threads and may wait: for the log, or for an event.
 */
@NullMarked
package io.skerry.etcd.server.api.v2;

import org.jspecify.annotations.NullMarked;
