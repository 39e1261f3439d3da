/** The client of the etcd v3 API that every system uses to reach the store. */
@NullMarked
package io.skerry.etcd.client;

import org.jspecify.annotations.NullMarked;
