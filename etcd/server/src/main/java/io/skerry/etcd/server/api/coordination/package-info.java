/**
 * etcd's lock and election services. Both are made of the store's own calls (a key under the name
 * for each who waits, held by a lease; the oldest key holds), made in the caller's name, so that
 * permissions and limits are those of the calls. {@link
 * io.skerry.etcd.server.api.coordination.Coordination} is what a server wires. It keeps no state of
 * its own: whoever vanishes leaves a key that ends with its lease.
 */
@NullMarked
package io.skerry.etcd.server.api.coordination;

import org.jspecify.annotations.NullMarked;
