/** Tests and measurements of the storage engine. */
@NullMarked
package io.skerry.etcd.server.mvcc.engine;

import org.jspecify.annotations.NullMarked;
