/**
 * Watches: every change of the keys watched, in order, once, and all changes of a revision
 * together.
 *
 * <p>The applying thread hands changes to {@link WatchHub}, which gives them to the watchers that
 * are up to date, encoded once for all of a stream that want the same; a watcher that starts in the
 * past or does not keep up reads the event log at its own pace until it is up to date. Neither the
 * store nor another watcher ever waits for one.
 */
@NullMarked
package io.skerry.etcd.server.watch;

import org.jspecify.annotations.NullMarked;
