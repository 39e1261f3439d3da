/** Tests of leases' clocks in simulated time. */
@NullMarked
package io.skerry.etcd.server.lease;

import org.jspecify.annotations.NullMarked;
