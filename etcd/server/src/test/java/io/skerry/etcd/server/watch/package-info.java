/** Tests of watches under random load. */
@NullMarked
package io.skerry.etcd.server.watch;

import org.jspecify.annotations.NullMarked;
