/**
 * Unary gRPC calls in a closed loop or at a rate, and streams of watches, at as little cost to the
 * machine as can be, so that what is measured is the server: requests are encoded before or from a
 * template, one thread a connection reads and writes frames in place, and headers of answers are
 * not even decoded. Not a client for any other use: it knows just enough of HTTP/2 to be a correct
 * peer.
 */
@NullMarked
package io.skerry.bench.load;

import org.jspecify.annotations.NullMarked;
