/**
 * What gRPC itself defines for every server: health checking and reflection. {@link
 * io.skerry.etcd.server.api.introspection.Introspection} is what a server wires.
 */
@NullMarked
package io.skerry.etcd.server.api.introspection;

import org.jspecify.annotations.NullMarked;
