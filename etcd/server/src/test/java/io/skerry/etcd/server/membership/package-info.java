/** Tests of who belongs to a cluster. */
@NullMarked
package io.skerry.etcd.server.membership;

import org.jspecify.annotations.NullMarked;
