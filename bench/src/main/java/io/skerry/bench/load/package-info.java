/**
 * A closed loop of unary gRPC calls that costs the machine as little as it can, so that what is
 * measured is the server: requests are encoded before, one thread a connection reads and writes
 * frames in place, and headers of answers are not even decoded. Not a client for any other use: it
 * knows just enough of HTTP/2 to be a correct peer.
 */
@NullMarked
package io.skerry.bench.load;

import org.jspecify.annotations.NullMarked;
