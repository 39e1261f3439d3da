/** The way to the store: flags that say where it is and who asks, calls, streams and sessions. */
@NullMarked
package io.skerry.etcd.ctl.remote;

import org.jspecify.annotations.NullMarked;
