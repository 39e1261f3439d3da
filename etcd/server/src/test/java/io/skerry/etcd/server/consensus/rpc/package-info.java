/** Tests of what the library asks of the network. */
@NullMarked
package io.skerry.etcd.server.consensus.rpc;

import org.jspecify.annotations.NullMarked;
