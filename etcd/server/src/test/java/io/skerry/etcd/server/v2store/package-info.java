/** Tests of the v2 tree over a real engine. */
@NullMarked
package io.skerry.etcd.server.v2store;

import org.jspecify.annotations.NullMarked;
