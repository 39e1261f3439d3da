/**
 * What a cluster's clients ask of a host's images and containers, over the port of fleet's API. One
 * gRPC stream is one conversation; a host passes those for another host on to it. Also the socket
 * at which a host's own units ask for their containers.
 */
@NullMarked
package io.skerry.containers.remote;

import org.jspecify.annotations.NullMarked;
