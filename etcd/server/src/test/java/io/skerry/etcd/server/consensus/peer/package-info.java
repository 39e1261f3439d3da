/** Tests of the network between members. */
@NullMarked
package io.skerry.etcd.server.consensus.peer;

import org.jspecify.annotations.NullMarked;
