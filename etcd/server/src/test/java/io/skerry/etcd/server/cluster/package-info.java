/** Tests of the life of a cluster. */
@NullMarked
package io.skerry.etcd.server.cluster;

import org.jspecify.annotations.NullMarked;
