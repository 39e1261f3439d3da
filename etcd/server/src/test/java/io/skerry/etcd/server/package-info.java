/** Helpers shared by the tests of the store. */
@NullMarked
package io.skerry.etcd.server;

import org.jspecify.annotations.NullMarked;
