/** Tests of the replicated state machine against a naive model. */
@NullMarked
package io.skerry.etcd.server.store;

import org.jspecify.annotations.NullMarked;
