/** Tests of the keys and their versions. */
@NullMarked
package io.skerry.etcd.server.mvcc;

import org.jspecify.annotations.NullMarked;
