/** One member of the replicated store. */
@NullMarked
package io.skerry.etcd.server;

import org.jspecify.annotations.NullMarked;
